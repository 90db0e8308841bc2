import { type Graph, graphsOf } from '../../onnx/graph';

/** Gives names that nothing in the model has yet, by adding a number where the wanted one is taken. */
export function freshNames(graph: Graph): (wanted: string) => string {
  const taken = new Set<string>();
  for (const { nodes, initializers, inputs } of graphsOf(graph)) {
    for (const { name } of [...initializers, ...inputs, ...nodes]) taken.add(name);
    for (const { outputs } of nodes) for (const name of outputs) taken.add(name);
  }
  return (wanted) => {
    let name = wanted;
    for (let count = 1; taken.has(name); count += 1) name = `${wanted}_${count}`;
    taken.add(name);
    return name;
  };
}
