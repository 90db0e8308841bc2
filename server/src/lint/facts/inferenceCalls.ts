import type { Project, PythonDocument } from '../../project/project';
import type { PythonCall, PythonFunction, PythonValue } from '../../project/python/pythonModule';
import { definitionOf } from './pythonImports';

/** A maker of models that work in the calling thread, and the methods that do the work; `()` is the object itself. */
const makers: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:transformers|optimum)\.(?:\w+\.)*pipeline\(\)/, ['()']],
  [/^(?:transformers|optimum)\.(?:\w+\.)*Auto(?:Model|TFModel)\w*\.from_pretrained\(\)/, ['()', '.generate']],
  [/^(?:transformers|optimum)\.(?:\w+\.)*\w+(?:Model|For[A-Z]\w+)\.from_pretrained\(\)/, ['()', '.generate']],
  [/^diffusers\.\w+Pipeline\.from_pretrained\(\)/, ['()']],
  [/^sentence_transformers\.(?:\w+\.)*SentenceTransformer\(\)/, ['.encode']],
  [/^sentence_transformers\.(?:\w+\.)*CrossEncoder\(\)/, ['.predict', '.rank']],
  [/^onnxruntime\.(?:\w+\.)*InferenceSession\(\)/, ['.run']],
  [/^ultralytics\.(?:\w+\.)*(?:YOLO|RTDETR|SAM)\(\)/, ['()', '.predict', '.track']],
  [/^(?:torch\.(?:jit\.|hub\.)?load)\(\)/, ['()']],
  [/^(?:joblib|pickle)\.load\(\)/, ['.predict', '.predict_proba', '.decision_function']],
  [/^(?:tensorflow\.)?keras\.(?:models\.|saving\.)?load_model\(\)/, ['()', '.predict']],
  [/^whisper\.load_model\(\)|^faster_whisper\.WhisperModel\(\)/, ['.transcribe']],
  [/^llama_cpp\.Llama\(\)/, ['()', '.create_completion', '.create_chat_completion', '.embed']],
  [/^vllm\.LLM\(\)/, ['.generate', '.chat', '.embed', '.encode']],
  [/^fasttext\.load_model\(\)/, ['.predict']],
  [/^easyocr\.Reader\(\)/, ['.readtext']],
  [/^paddleocr\.PaddleOCR\(\)/, ['.ocr', '.predict']],
  [/^rapidocr\w*\.RapidOCR\(\)/, ['()']],
];

/** A call through this many functions of the project is followed. */
const deepest = 4;

/** The call computes in the calling thread: a loaded model's work, or a function of the project that does such work. */
export function infers(call: PythonCall, document: PythonDocument, project: Project, depth = 0): boolean {
  if (call.awaited || call.isDecorator || depth > deepest) return false;
  const dot = call.callee.lastIndexOf('.');
  const owner = call.callee.slice(0, Math.max(dot, 0));
  const method = call.callee.slice(Math.max(dot, 0));
  const works = (made: string, suffix: string): boolean =>
    makers.some(([maker, methods]) => maker.test(made) && methods.includes(suffix));
  if (madeBy(call.callee, call, document).some((made) => works(made, '()'))) return true;
  if (dot === -1) return functionInfers(call.callee, document, project, depth);
  const own = madeBy(owner, call, document);
  if (own.some((made) => works(made, method))) return true;
  const { className } = call.place;
  if (owner === 'self' && className !== undefined)
    return methodInfers(className, method.slice(1), document, project, depth);
  const annotated = call.place.function?.parameters.find(({ name }) => name === owner)?.annotation;
  const classes =
    annotated?.kind === 'name'
      ? [annotated.path]
      : own.flatMap((made) => /^([^()[\]]+)\(\)$/.exec(made)?.[1] ?? []);
  for (const name of classes) {
    const definition = definitionOf(name, document, project);
    if (definition?.kind === 'class')
      return methodInfers(definition.class.name, method.slice(1), definition.document, project, depth);
  }
  return functionInfers(call.callee, document, project, depth);
}

/** Paths of the calls that make what a name holds: `transformers.pipeline()`. Empty where nothing is known. */
function madeBy(name: string, call: PythonCall, { module }: PythonDocument): readonly string[] {
  if (name === '') return [];
  const caller = call.place.function;
  if (caller?.parameters.some((parameter) => parameter.name === name)) return [];
  const path = name.replace(/^(?:self\.)?request\.app\./, 'app.');
  const all = module.assignments.filter(
    ({ target, place }) =>
      target === path && (!path.startsWith('self.') || place.className === call.place.className),
  );
  const local = all.filter(({ place }) => place.function === caller);
  return (local.length > 0 && caller ? local : all).flatMap(({ value }) => (value ? made(value) : []));
}

function made(value: PythonValue): readonly string[] {
  if (value.kind === 'call') return [`${value.call.callee}()`];
  return value.kind === 'choice' ? value.options.flatMap(made) : [];
}

function functionInfers(name: string, document: PythonDocument, project: Project, depth: number): boolean {
  const definition = definitionOf(name, document, project);
  return (
    definition?.kind === 'function' && bodyInfers(definition.function, definition.document, project, depth)
  );
}

function methodInfers(
  className: string,
  method: string,
  document: PythonDocument,
  project: Project,
  depth: number,
): boolean {
  const name = method === '' ? '__call__' : method;
  const found = document.module.functions.find(
    (one) => one.name === name && one.place.className === className && !one.place.function,
  );
  return found !== undefined && bodyInfers(found, document, project, depth);
}

function bodyInfers(
  body: PythonFunction,
  document: PythonDocument,
  project: Project,
  depth: number,
): boolean {
  // A coroutine or generator does nothing when it is called.
  if (body.isAsync || body.hasYield) return false;
  return document.module.calls.some(
    (call) => call.place.function === body && infers(call, document, project, depth + 1),
  );
}
