import type { PythonDocument } from '../../project/project';
import { argument, assignedValue, hasSpread } from '../../project/python/pythonAnswers';
import type { PythonCall, PythonValue } from '../../project/python/pythonModule';

/** A torch.onnx.export of a model that reads tokens. */
export interface TextExport {
  readonly call: PythonCall;
  /** The example inputs, as written. */
  readonly inputs: PythonValue;
  /** Names of the graph's inputs, where they are written. */
  readonly names: readonly string[];
}

/** Exports whose inputs or input names say `input_ids`; those with arguments the text does not show are left out. */
export function* textExports(file: PythonDocument): Generator<TextExport> {
  // Most files export nothing and need no parsing for it.
  if (!['onnx', 'export', 'input_ids'].every((word) => file.source.text.includes(word))) return;
  const { module, source } = file;
  // Who cuts a network into parts of their own often fixes shapes and masks on purpose.
  if (module.classes.some(({ bases }) => bases.some((base) => /(?:^|\.)Module$/.test(base)))) return;
  for (const call of module.calls) {
    if (call.callee !== 'torch.onnx.export' || hasSpread(call)) continue;
    const inputs = argument(call, 'args', 1)?.value;
    const given = argument(call, 'input_names', 3)?.value;
    if (!inputs) continue;
    const list = given && assignedValue(module, given, call.place);
    if (given && list?.kind !== 'list') continue;
    const names =
      list?.kind === 'list' ? list.items.flatMap((item) => (item.kind === 'text' ? [item.value] : [])) : [];
    const written = source.text.slice(inputs.span.start, inputs.span.end);
    if (names.includes('input_ids') || /\binput_ids\b/.test(written)) yield { call, inputs, names };
  }
}
