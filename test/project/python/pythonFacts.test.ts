import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Answer } from '../../../server/src/project/answer';
import { deviceUses } from '../../../server/src/project/python/deviceUses';
import { environmentUses } from '../../../server/src/project/python/environmentUses';
import { listenPorts } from '../../../server/src/project/python/listenPorts';
import { modelLoads } from '../../../server/src/project/python/modelLoads';
import { readPython } from '../../../server/src/project/python/readPython';
import { bodyFields, returnedValues, webApps, webRoutes } from '../../../server/src/project/python/webRoutes';

/** The value of a known answer, else its state in brackets. */
function said<T>(answer: Answer<T>): T | string {
  return answer.state === 'known' ? answer.value : `(${answer.state})`;
}

describe('web routes', () => {
  it('of FastAPI have method, path, handler, body fields and the shape of the answer', () => {
    const text = `from fastapi import FastAPI
from pydantic import BaseModel, Field
app = FastAPI()
class Base(BaseModel):
    lang: str = "zh"
class Req(Base):
    text: str = Field(..., min_length=1)
    top: int = Field(3)
@app.post("/classify", response_model=None)
async def classify(req: Req):
    data = {"category": label, "confidence": 0.9}
    return {"code": 200, "msg": "success", "data": data}
@app.get("/healthz")
def health():
    answer = {"ok": True}
    return answer
`;
    const module = readPython(text);
    assert.deepEqual(
      webApps(module).map((app) => [app.name, app.framework]),
      [['app', 'fastapi']],
    );
    const routes = webRoutes(module);
    assert.deepEqual(
      routes.map((route) => [route.methods, said(route.path), route.handlerName, route.handler?.isAsync]),
      [
        [['POST'], '/classify', 'classify', true],
        [['GET'], '/healthz', 'health', false],
      ],
    );
    assert.deepEqual(
      bodyFields(module, 'Req')?.map((field) => [field.name, field.isRequired]),
      [
        ['lang', false],
        ['text', true],
        ['top', false],
      ],
    );
    const [classify, health] = routes;
    assert.ok(classify?.handler && health?.handler);
    const keys = returnedValues(module, classify.handler).map(({ value }) =>
      value.kind === 'dictionary' ? value.entries.map(({ key }) => key.kind === 'text' && key.value) : [],
    );
    assert.deepEqual(keys, [['code', 'msg', 'data']]);
    assert.equal(returnedValues(module, health.handler)[0]?.value.kind, 'dictionary');
    assert.equal(bodyFields(module, 'Other'), undefined);
  });

  it('of routers carry their prefixes', () => {
    const text = `from fastapi import APIRouter, FastAPI
PREFIX = "/v1"
app = FastAPI()
r = APIRouter(prefix="/models")
s = APIRouter()
app.include_router(r, prefix=PREFIX)
app.include_router(s, prefix=settings.prefix)
@r.get("/{id}")
def one(id): ...
@s.get("/x")
def two(): ...
@app.websocket("/ws")
async def ws(socket): ...
app.add_api_route("/late", two, methods=["put"])
`;
    assert.deepEqual(
      webRoutes(readPython(text)).map((route) => [route.methods, said(route.path), route.handlerName]),
      [
        [['GET'], '/v1/models/{id}', 'one'],
        [['GET'], '(unknown)', 'two'],
        [['WEBSOCKET'], '/ws', 'ws'],
        [['PUT'], '/late', 'two'],
      ],
    );
  });

  it('of Flask, Starlette and LitServe are found', () => {
    const flask = `from flask import Flask, Blueprint
app = Flask(__name__)
bp = Blueprint("b", __name__, url_prefix="/api")
app.register_blueprint(bp)
@app.route("/predict", methods=["POST", "GET"])
def predict(): pass
@bp.route("/x")
def x(): pass
app.add_url_rule("/y", "y", x)
`;
    assert.deepEqual(
      webRoutes(readPython(flask)).map((route) => [route.methods, said(route.path), route.handlerName]),
      [
        [['POST', 'GET'], '/predict', 'predict'],
        [['GET'], '/api/x', 'x'],
        [['GET'], '/y', 'x'],
      ],
    );
    const starlette = 'from starlette.routing import Route\nroutes = [Route("/s", home, methods=["POST"])]\n';
    assert.deepEqual(
      webRoutes(readPython(starlette)).map((route) => [route.methods, said(route.path)]),
      [[['POST'], '/s']],
    );
    const litserve =
      'import litserve as ls\nclass A(ls.LitAPI):\n    def predict(self, x): return x\nserver = ls.LitServer(A())\nserver.run(port=9000)\n';
    assert.deepEqual(
      webRoutes(readPython(litserve)).map((route) => [said(route.path), route.handlerName]),
      [['/predict', 'predict']],
    );
  });

  it('are none for an object that is no application', () => {
    assert.deepEqual(webRoutes(readPython('client = Client()\n@client.get("/x")\ndef f(): ...\n')), []);
  });
});

describe('the port a program listens on', () => {
  for (const [title, text, expected] of [
    [
      'uvicorn with a literal',
      'import uvicorn\nuvicorn.run("m:app", host="0.0.0.0", port=8080)',
      [8080, '0.0.0.0'],
    ],
    ['uvicorn by default', 'import uvicorn\nuvicorn.run(app)', [8000, '(absent)']],
    [
      'uvicorn with a constant',
      'from uvicorn import run\nPORT = 9000\nrun(app, port=PORT)',
      [9000, '(absent)'],
    ],
    ['hidden arguments', 'import uvicorn\nuvicorn.run(app, **options)', ['(unknown)', '(unknown)']],
    ['Flask', 'import flask\napp = flask.Flask("x")\napp.run("0.0.0.0", 5001)', [5001, '0.0.0.0']],
    ['Flask by default', 'import flask\napp = flask.Flask("x")\napp.run()', [5000, '(absent)']],
    [
      'gradio',
      'import gradio as gr\ndemo = gr.Blocks()\ndemo.launch(server_name="0.0.0.0", server_port=7000)',
      [7000, '0.0.0.0'],
    ],
    ['gunicorn.conf.py', 'bind = "0.0.0.0:8081"\n', [8081, '0.0.0.0']],
    ['gRPC', 'server.add_insecure_port("[::]:50051")', [50051, '[::]']],
    ['a computed port', 'import uvicorn\nuvicorn.run(app, port=base + 1)', ['(unknown)', '(absent)']],
  ] as const) {
    it(`is known for ${title}`, () => {
      const [found] = [...listenPorts(readPython(text))];
      assert.deepEqual(found && [said(found.port.value), said(found.host)], expected);
    });
  }

  for (const expression of [
    'int(os.environ.get("PORT", 8000))',
    'int(os.getenv("PORT", "8000"))',
    'int(os.environ.get("PORT") or 8000)',
  ]) {
    it(`is up to an environment variable: ${expression}`, () => {
      const [found] = [
        ...listenPorts(readPython(`import os, uvicorn\nuvicorn.run(app, port=${expression})`)),
      ];
      assert.deepEqual(
        [found?.port.variable, found?.port.fallback, found?.port.value.state],
        ['PORT', 8000, 'unknown'],
      );
    });
  }

  it('is not taken from an unrelated run()', () => {
    assert.deepEqual([...listenPorts(readPython('session.run(None, x)\nsubprocess.run(["x"], port=1)'))], []);
  });
});

describe('model loads', () => {
  for (const [line, kind, source, sourceKind] of [
    ['M.from_pretrained("bert-base-uncased")', 'from-pretrained', 'bert-base-uncased', 'hub'],
    ['M.from_pretrained("org/name", revision="abc")', 'from-pretrained', 'org/name', 'hub'],
    ['M.from_pretrained("./model")', 'from-pretrained', './model', 'path'],
    ['M.from_pretrained("/models/bert")', 'from-pretrained', '/models/bert', 'path'],
    ['M.from_pretrained(NAME)', 'from-pretrained', 'org/constant', 'hub'],
    ['M.from_pretrained(path)', 'from-pretrained', '(unknown)', 'unknown'],
    ['pipeline("text-classification", model="org/m")', 'pipeline', 'org/m', 'hub'],
    ['pipeline("text-classification")', 'pipeline', '(absent)', 'unknown'],
    ['snapshot_download(repo_id="org/m")', 'snapshot', 'org/m', 'hub'],
    ['hf_hub_download("org/m", "f")', 'hub-file', 'org/m', 'hub'],
    ['torch.hub.load("ultralytics/yolov5", "yolov5s")', 'torch-hub', 'ultralytics/yolov5', 'hub'],
    ['SentenceTransformer("all-MiniLM-L6-v2")', 'sentence-transformers', 'all-MiniLM-L6-v2', 'hub'],
    ['torch.load("m.pt")', 'torch', 'm.pt', 'path'],
    ['pickle.load(f)', 'pickle', '(unknown)', 'unknown'],
    ['joblib.load("m.pkl")', 'joblib', 'm.pkl', 'path'],
    ['np.load("a.npy", allow_pickle=True)', 'numpy-pickle', 'a.npy', 'path'],
    ['ort.InferenceSession("model.onnx")', 'onnx', 'model.onnx', 'path'],
  ] as const) {
    it(`${line} is ${kind} of ${source}`, () => {
      const text = `import pickle, joblib, torch, numpy as np, onnxruntime as ort
from transformers import AutoModel as M, pipeline
from huggingface_hub import snapshot_download, hf_hub_download
from sentence_transformers import SentenceTransformer
NAME = "org/constant"
${line}
`;
      const [load, ...others] = [...modelLoads(readPython(text))];
      assert.deepEqual(load && [load.kind, said(load.source), load.sourceKind], [kind, source, sourceKind]);
      assert.deepEqual(others, []);
    });
  }

  it('say whether they run foreign code', () => {
    const text = `import torch, numpy
from transformers import AutoModel
AutoModel.from_pretrained("o/m", trust_remote_code=True)
AutoModel.from_pretrained("o/m", **kw)
torch.load("m")
torch.load("m", weights_only=True)
torch.load("m", weights_only=flag)
numpy.load("a")
numpy.load("a", allow_pickle=True)
`;
    assert.deepEqual(
      [...modelLoads(readPython(text))].map((load) => [said(load.trustsRemoteCode), said(load.weightsOnly)]),
      [
        [true, '(absent)'],
        ['(unknown)', '(absent)'],
        ['(absent)', '(absent)'],
        ['(absent)', true],
        ['(absent)', '(unknown)'],
        ['(absent)', true],
        ['(absent)', false],
      ],
    );
  });
});

describe('devices', () => {
  for (const [line, expected] of [
    ['model.to("cuda")', [['cuda', false]]],
    ['model.cuda()', [['cuda', false]]],
    ['model.to(f"cuda:{i}")', [['cuda', false]]],
    ['torch.cuda.is_available()', []],
    [
      'device = "cuda" if torch.cuda.is_available() else "cpu"',
      [
        ['cuda', true],
        ['cpu', true],
      ],
    ],
    ['device = torch.device("cuda:0")', [['cuda', false]]],
    ['pipeline("x", device="cuda")', [['cuda', false]]],
    ['if x:\n    m.cuda()', [['cuda', true]]],
    [
      'S("m", providers=["CUDAExecutionProvider", "CPUExecutionProvider"])',
      [
        ['cuda', true],
        ['cpu', false],
      ],
    ],
    ['S("m", providers=[("CUDAExecutionProvider", {"device_id": 0})])', [['cuda', false]]],
    ['x = "cuda"', []],
  ] as const) {
    it(`${JSON.stringify(line)} asks for ${JSON.stringify(expected)}`, () => {
      const found = [...deviceUses(readPython(`import torch\n${line}\n`))];
      assert.deepEqual(
        found.map((use) => [use.device, use.isOptional]),
        expected,
      );
    });
  }
});

describe('environment variables', () => {
  it('are found as read, required or written', () => {
    const text = `import os
from os import environ, getenv as g
os.environ.get("A", "1")
g("B")
environ["C"]
os.environ["D"] = "1"
os.environ[name]
`;
    assert.deepEqual(
      [...environmentUses(readPython(text))].map((use) => [said(use.name), use.isRequired, use.isWritten]),
      [
        ['A', false, false],
        ['B', false, false],
        ['C', true, false],
        ['D', false, true],
        ['(unknown)', true, false],
      ],
    );
  });
});
