import { argument } from '../../project/python/pythonAnswers';
import { textExports } from '../facts/textExports';
import { defineRule } from '../rule';

export const exportWithoutDynamicAxes = defineRule({
  name: 'export-without-dynamic-axes',
  on: 'python',
  concern: 'model',
  severity: 'warning',
  summary: 'A text model is exported to ONNX with the shape of its example.',
  why: 'The graph takes as many texts and tokens as the example had and refuses every other shape.',
  next: 'Name batch and sequence in dynamic_axes, or in dynamic_shapes with the newer exporter.',
  sources: ['PyTorch docs, torch.onnx.export'],
  *check({ file }) {
    for (const { call } of textExports(file)) {
      if (argument(call, 'dynamic_axes') ?? argument(call, 'dynamic_shapes')) continue;
      // An older form takes everything by position.
      if (call.arguments.filter(({ name }) => name === undefined).length > 4) continue;
      const span = { start: call.span.start, end: call.calleeSpan.end };
      yield { span, what: 'No dynamic axes: the graph takes only the shape of the example' };
    }
  },
});
