import assert from 'node:assert/strict';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { until } from '../support/until';
import { startService, type Service } from './service';

interface Envelope {
  code: number;
  msg: string;
  data: { category: string; confidence: number } | null;
}

async function post(
  url: string,
  body: BodyInit,
  headers: Record<string, string> = {},
): Promise<[number, Envelope]> {
  const answer = await fetch(`${url}/classify`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return [answer.status, (await answer.json()) as Envelope];
}

describe('the example service', () => {
  let service: Service;
  before(async () => {
    service = await startService();
  });
  after(() => service.stop());

  for (const [text, category] of [
    ['昨晚的决赛踢到了加时赛,最后靠点球分出胜负。', 'sports'],
    ['The striker scored twice and the team won the cup.', 'sports'],
    ['央行宣布降息,股市应声上涨。', 'finance'],
    ['The doctor prescribed antibiotics for the infection.', 'health'],
    ['我们订了海边的酒店,机票也买好了。', 'travel'],
  ] as const) {
    it(`answers ${category} for "${text}"`, async () => {
      const [status, { code, msg, data }] = await post(service.url, JSON.stringify({ text }));
      assert.deepEqual([status, code, msg, data?.category], [200, 200, 'success', category]);
      assert.ok(data && data.confidence > 1 / 6 && data.confidence <= 1, `confidence ${data?.confidence}`);
    });
  }

  it('cuts a text that is longer than the model reads instead of failing', async () => {
    const [status, { data }] = await post(
      service.url,
      JSON.stringify({ text: '这场足球比赛很精彩。'.repeat(150) }),
    );
    assert.deepEqual([status, data?.category], [200, 'sports']);
  });

  for (const [name, body, status, msg] of [
    ['a missing field', '{}', 422, 'text: Field required'],
    ['an empty text', '{"text": " \\n "}', 422, 'text: String should have at least 1 character'],
    ['a text of the wrong type', '{"text": 5}', 422, 'text: Input should be a valid string'],
    [
      'a text that is too long',
      JSON.stringify({ text: 'a'.repeat(2001) }),
      422,
      'text: String should have at most 2000 characters',
    ],
    ['a body that is not JSON', '{', 422, 'body: JSON decode error'],
    ['a body that is not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 400, 'Bad Request'],
  ] as const) {
    it(`refuses ${name} with ${status} and says why`, async () => {
      const [got, envelope] = await post(service.url, body);
      assert.equal(got, status);
      assert.deepEqual(envelope, { code: status, msg, data: null });
    });
  }

  it('stops reading a body that is too large', async () => {
    const [status, envelope] = await post(service.url, `{"text": "${'a'.repeat(60_000)}"}`);
    assert.deepEqual([status, envelope.code, envelope.data], [413, 413, null]);
  });

  it('keeps the envelope and the status for a route that is not there', async () => {
    const answer = await fetch(`${service.url}/nowhere`);
    assert.equal(answer.status, 404);
    assert.deepEqual(await answer.json(), { code: 404, msg: 'Not Found', data: null });
  });

  it('counts answers by status and by topic for Prometheus', async () => {
    await post(service.url, JSON.stringify({ text: 'The goalkeeper saved a penalty.' }));
    await post(service.url, '{}');
    const answer = await fetch(`${service.url}/metrics`);
    const text = await answer.text();
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/);
    for (const line of [
      /^inference_requests_total\{status="200"\} [1-9]/m,
      /^inference_requests_total\{status="422"\} [1-9]/m,
      /^prediction_class_total\{topic="sports"\} [1-9]/m,
      /^model_info\{bytes="\d+",file="model.onnx"\} 1/m,
    ]) {
      assert.match(text, line);
    }
  });

  it('describes its body with an example in each language', async () => {
    const { components } = (await (await fetch(`${service.url}/openapi.json`)).json()) as {
      components: {
        schemas: { Sentence: { properties: { text: { examples: string[]; maxLength: number } } } };
      };
    };
    const { examples, maxLength } = components.schemas.Sentence.properties.text;
    assert.equal(maxLength, 2000);
    assert.ok(
      examples.some((text) => /\p{Script=Han}/u.test(text)) && examples.some((text) => /^[ -~]+$/.test(text)),
    );
  });

  it('answers many at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => post(service.url, '{"text": "The bank raised its interest rates."}')),
    );
    assert.deepEqual(
      new Set(answers.map(([status, { data }]) => `${status} ${data?.category}`)),
      new Set(['200 finance']),
    );
  });
});

describe('when the model itself fails', () => {
  let service: Service;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-example-'));
    await writeFile(
      join(folder, 'failing.py'),
      'from app.classifier import Classifier\nfrom app.main import app\n\n\ndef fail(self, text):\n    raise RuntimeError("secret detail /srv/model")\n\n\nClassifier.classify = fail\n',
    );
    service = await startService({ PYTHONPATH: folder }, 'failing:app');
  });
  after(async () => {
    await service.stop();
    await rm(folder, { recursive: true });
  });

  it('answers 500 without the exception, which stays in the log', async () => {
    const [status, envelope] = await post(service.url, '{"text": "hello"}');
    assert.equal(status, 500);
    assert.deepEqual(envelope, { code: 500, msg: 'The service failed. Its log says why.', data: null });
    await until('the log has the exception', 10_000, () =>
      service.log().includes('RuntimeError: secret detail'),
    );
    assert.match(
      await (await fetch(`${service.url}/metrics`)).text(),
      /^inference_requests_total\{status="500"\} 1/m,
    );
  });
});
