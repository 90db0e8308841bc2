import { modelLoads } from '../../project/python/modelLoads';
import { imageWithoutModels, namesHubModel, runsAtStart } from '../facts/hubDownloads';
import { servedPython } from '../facts/servedPython';
import { defineRule } from '../rule';

export const modelDownloadedAtStart = defineRule({
  name: 'model-downloaded-at-start',
  on: 'python',
  concern: 'model',
  severity: 'warning',
  summary: 'A service fetches its model from a hub when it starts.',
  why: 'Every new replica downloads it again before it answers, and without the network, or when the hub is down, none starts.',
  next: 'Put the model into the image, a volume or an init container, load it from that path, and set HF_HUB_OFFLINE=1.',
  sources: ['Hugging Face docs, Environment variables, HF_HUB_OFFLINE'],
  *check({ file, project }) {
    if (!servedPython(project).has(file.path)) return;
    const loads = [...modelLoads(file.module)].filter(
      (load) => namesHubModel(load, project) && runsAtStart(load, file),
    );
    const image = loads.length > 0 ? imageWithoutModels(file, project) : undefined;
    const place = image?.dockerfile.finalStage?.from.imageWord?.span;
    if (!image || !place) return;
    for (const { call, source } of loads) {
      yield {
        span: call.calleeSpan,
        what: 'Downloads {model} at every start',
        with: { model: source.state === 'known' ? source.value : '' },
        related: [{ file: image.path, span: place, what: 'This image does not hold it' }],
      };
    }
  },
});
