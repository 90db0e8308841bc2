import { modelFacts } from '../../onnx/modelFacts';
import { providerFits } from '../../onnx/providerFits';
import type { ValueInfo } from '../../onnx/valueType';
import { openModel } from '../../model/modelFile';
import type { Message } from '../../protocol/message';
import { byteText } from '../../project/byteText';
import type { Command, ExitCode, Invocation } from '../command';
import { orFailure } from '../model/modelFailure';
import { modelPaths } from '../model/modelPath';

export const command: Command = {
  name: 'model',
  operands: 'MODEL',
  summary: 'Show what an ONNX model takes, gives, weighs and needs',
  flags: { format: { value: 'FORMAT', summary: 'Shape of the report', choices: ['text', 'json'] } },
  run,
};

/** Rows of the list of weights in the text report. */
const listedWeights = 10;

async function run({ operands, flags, terminal }: Invocation): Promise<ExitCode> {
  const [path = ''] = modelPaths('model', operands, 1);
  const file = await orFailure(() => openModel(path));
  file.close();
  const facts = modelFacts(file.model);
  const bytes = [file.source, ...file.external.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const fits = providerFits(file.model).map(({ provider, ok, why }) => ({
    provider,
    ok,
    ...(why ? { why: terminal.say(why) } : {}),
  }));
  if (flags.text('format') === 'json') {
    const report = {
      version: 1,
      opset: facts.opset,
      inputs: facts.inputs.map(signature),
      outputs: facts.outputs.map(signature),
      bytes,
      weightsBytes: facts.weightsBytes,
      operators: facts.operators,
      tensors: facts.tensors.map(({ name, type, dims, bytes: size, external }) => ({
        name,
        type,
        shape: dims,
        bytes: size,
        ...(external === undefined ? {} : { external }),
      })),
      quantization: facts.quantization,
      externalData: facts.externalFiles,
      fits,
    };
    terminal.out(`${JSON.stringify(report, null, 2)}\n`);
    return 0;
  }
  const say = (message: Message) => terminal.say(message);
  const values = (list: readonly ValueInfo[]) =>
    list.map(
      ({ name, type, shape }) =>
        `  ${name}  ${type}${shape ? `[${shape.map((dim) => dim ?? '?').join(', ')}]` : ''}`,
    );
  terminal.out(
    [
      say({
        template: '{bytes} in all, {weights} of weights, quantization: {state}, opset {opset}',
        with: {
          bytes: byteText(bytes),
          weights: byteText(facts.weightsBytes),
          state: facts.quantization,
          opset: facts.opset ?? '?',
        },
      }),
      say({ template: 'Inputs' }),
      ...values(facts.inputs),
      say({ template: 'Outputs' }),
      ...values(facts.outputs),
      say({ template: 'Operators' }),
      `  ${facts.operators.map(({ type, count }) => `${type} ${count}`).join(', ')}`,
      say({ template: 'Largest weights' }),
      ...facts.tensors
        .slice(0, listedWeights)
        .map(
          ({ name, type, dims, bytes: size }) =>
            `  ${byteText(size).padEnd(8)} ${type}[${dims.join(', ')}]  ${name}`,
        ),
      ...(facts.externalFiles.length > 0
        ? [say({ template: 'Numbers are also in: {files}', with: { files: facts.externalFiles.join(', ') } })]
        : []),
      say({ template: 'Execution providers' }),
      ...fits.map(
        ({ provider, ok, why }) => `  ${ok ? '✓' : '✗'} ${provider}${why === undefined ? '' : `  ${why}`}`,
      ),
      '',
    ].join('\n'),
  );
  return 0;
}

function signature({ name, type, shape }: ValueInfo) {
  return { name, type, shape };
}
