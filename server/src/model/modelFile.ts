import { realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { type OnnxModel, readOnnx } from '../onnx/readOnnx';
import { graphsOf } from '../onnx/graph';
import { malformed } from '../onnx/modelError';
import type { Tensor } from '../onnx/tensor';
import { WireReader } from '../onnx/wire';
import { type FileSource, openSource } from './fileSource';

/** An open ONNX model with the files that hold its numbers. */
export interface ModelFile {
  readonly path: string;
  readonly model: OnnxModel;
  readonly source: FileSource;
  readonly wire: WireReader;
  /** External data files by the location the model gives. */
  readonly external: ReadonlyMap<string, FileSource>;
  /** Fills `target` with the stored numbers of a tensor, from `offset` bytes on. */
  readNumbers(tensor: Tensor, offset: number, target: Uint8Array): void;
  close(): void;
}

/**
 * Opens a model and checks that every number it names is where it says. Throws a ModelError otherwise, and
 * when external data leads out of the model's folder, also by a link.
 */
export function openModel(path: string): ModelFile {
  const source = openSource(path);
  const external = new Map<string, FileSource>();
  const close = () => [source, ...external.values()].forEach((file) => file.close());
  try {
    const model = readOnnx(source);
    for (const tensor of tensorsOf(model)) {
      const { data } = tensor;
      if (data.kind !== 'external') continue;
      const file = external.get(data.location) ?? openBeside(path, data.location);
      external.set(data.location, file);
      if (data.offset + data.length > file.sizeBytes) {
        throw malformed({
          template: '{file} ends before the numbers of {name} do',
          with: { file: data.location, name: tensor.name },
        });
      }
    }
    return {
      path,
      model,
      source,
      wire: new WireReader(source),
      external,
      readNumbers({ data }, offset, target) {
        if (data.kind === 'external') external.get(data.location)?.readInto(target, data.offset + offset);
        else if (data.kind !== 'typed') source.readInto(target, data.start + offset);
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function* tensorsOf(model: OnnxModel): Generator<Tensor> {
  for (const { initializers, nodes } of graphsOf(model.graph)) {
    yield* initializers;
    for (const { attributes } of nodes) for (const { tensor } of attributes) if (tensor) yield tensor;
  }
}

function openBeside(modelPath: string, location: string): FileSource {
  const folder = realpathSync(dirname(modelPath));
  const file = openSource(join(folder, location), location);
  const inside = relative(folder, realpathSync(file.path));
  if (inside === '..' || inside.startsWith(`..${sep}`) || inside.includes(':')) {
    file.close();
    throw malformed({
      template: '{file} is a link that leads out of the folder of the model',
      with: { file: location },
    });
  }
  return file;
}
