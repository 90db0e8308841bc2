import { clauseAllows } from '../../project/dependencies/specifier';
import type { Project, PythonDocument } from '../../project/project';
import { type ModelLoad, modelLoads } from '../../project/python/modelLoads';
import { argument, booleanAnswer } from '../../project/python/pythonAnswers';
import type { Span } from '../../project/span';
import { pythonInstallations } from '../facts/pythonInstallations';
import { servedPython } from '../facts/servedPython';
import { defineRule, type Hit } from '../rule';

/** Since this version torch.load reads weights only unless told otherwise. */
const safeTorch = '2.6.0';

/** A program that writes such files itself trusts them with reason. */
const writers =
  /^(?:torch\.save|(?:pickle|cPickle|_pickle|dill|cloudpickle)\.dump|joblib\.dump|numpy\.savez?(?:_compressed)?)$/;

export const unsafeModelLoad = defineRule({
  name: 'unsafe-model-load',
  on: 'python',
  concern: 'security',
  severity: 'warning',
  summary: 'A service loads a model in a way that runs code from the file.',
  why: 'Whoever can replace the file, on a hub, a share or a bucket, runs code inside the service.',
  next: 'Load safetensors or ONNX; with torch.load keep weights_only=True.',
  sources: [
    'PyTorch docs, torch.load',
    'Python docs, pickle: not secure against erroneous or maliciously constructed data',
    'Hugging Face docs, trust_remote_code',
  ],
  *check({ file, project }) {
    if (!servedPython(project).has(file.path)) return;
    if (file.module.calls.some(({ callee }) => writers.test(callee))) return;
    for (const load of modelLoads(file.module)) {
      const hit = unsafeFile(load, file, project) ?? unpinnedCode(load) ?? unsafeKeras(load, file);
      if (hit) yield hit;
    }
  },
});

function unsafeFile(load: ModelLoad, { source }: PythonDocument, project: Project): Hit | undefined {
  const { call, kind, weightsOnly } = load;
  const span: Span = { start: call.span.start, end: call.calleeSpan.end };
  const written = source.text.slice(span.start, span.end);
  if (kind === 'torch' && call.callee === 'torch.load') {
    if (weightsOnly.state === 'known' && !weightsOnly.value)
      return {
        span,
        what: '{call} with weights_only=False runs code that the file holds',
        with: { call: written },
      };
    const version = weightsOnly.state === 'absent' ? oldTorch(project) : undefined;
    if (version === undefined) return undefined;
    return {
      span,
      what: '{call} of torch {version} runs code that the file holds',
      with: { call: written, version },
      next: 'Add weights_only=True, or load safetensors.',
    };
  }
  if (kind === 'numpy-pickle' && weightsOnly.state === 'known' && !weightsOnly.value)
    return {
      span,
      what: '{call} with allow_pickle=True runs code that the file holds',
      with: { call: written },
    };
  const isPickle = kind === 'pickle' && call.callee.endsWith('.load');
  if (!isPickle && !(kind === 'joblib' && call.callee.startsWith('joblib.'))) return undefined;
  return {
    span,
    what: '{call} runs code that the file holds',
    with: { call: written },
    next: isPickle
      ? 'Keep labels and settings as JSON, weights as safetensors or ONNX.'
      : 'Export the estimator to ONNX (skl2onnx), or load it with skops and a list of trusted types.',
    // scikit-learn's own way: the person may have no other.
    ...(isPickle ? {} : { severity: 'info' as const }),
  };
}

/** The one known version of torch in the project's images, when it is below the safe default. */
function oldTorch(project: Project): string | undefined {
  const found = pythonInstallations(project).flatMap(({ packages }) =>
    packages.filter(({ name }) => name === 'torch'),
  );
  const versions = found.flatMap(({ version }) => (version.state === 'known' ? [version.value] : []));
  const [first] = versions;
  const all = versions.length === found.length && versions.every((one) => clauseAllows('<', safeTorch, one));
  return all ? first : undefined;
}

/** Code of a hub repository that can change any day. */
function unpinnedCode({
  call,
  trustsRemoteCode,
  sourceKind,
  revision,
  isLocalOnly,
}: ModelLoad): Hit | undefined {
  if (trustsRemoteCode.state !== 'known' || !trustsRemoteCode.value || sourceKind !== 'hub') return undefined;
  if (isLocalOnly.state !== 'absent') return undefined;
  const moves = revision.state === 'absent' || (revision.state === 'known' && revision.value === 'main');
  const place = argument(call, 'trust_remote_code');
  if (!moves || !place) return undefined;
  return {
    span: place.span,
    what: 'Runs whatever code the hub repository holds on that day',
    next: 'Pin revision to a commit whose code you have read.',
  };
}

function unsafeKeras({ call, kind }: ModelLoad, { module }: PythonDocument): Hit | undefined {
  const place = kind === 'keras' ? argument(call, 'safe_mode') : undefined;
  const answer = place && booleanAnswer(module, place, call.place);
  if (!place || answer?.state !== 'known' || answer.value) return undefined;
  return { span: place.span, what: 'safe_mode=False runs code that the file holds' };
}
