import type { Span } from '../span';
import type { PythonModule, PythonPlace, PythonValue } from './pythonModule';

/** A place where the program asks for a device to compute on. */
export interface DeviceUse {
  readonly device: 'cuda' | 'cpu' | 'npu' | 'mps' | 'xpu' | 'tensorrt';
  /** One of several: behind an `if`, in a conditional expression, or first in a list of providers that go on to the CPU. */
  readonly isOptional: boolean;
  readonly span: Span;
  readonly place: PythonPlace;
}

const deviceText = /^(cuda|gpu|cpu|npu|mps|xpu)(?::(?:\d+|\{\}))?$/i;
const provider = /^(CUDA|CPU|CANN|CoreML|Tensorrt|ROCM|OpenVINO|Dml)ExecutionProvider$/i;

const providerDevice: Readonly<Record<string, DeviceUse['device']>> = {
  cuda: 'cuda',
  rocm: 'cuda',
  cpu: 'cpu',
  cann: 'npu',
  coreml: 'mps',
  tensorrt: 'tensorrt',
};

/** Strings that name a device, `.cuda()` calls, and onnxruntime's execution providers. */
export function* deviceUses(module: PythonModule): Generator<DeviceUse> {
  for (const call of module.calls) {
    if (
      /\.(?:cuda|npu|xpu)$/.test(call.callee) &&
      call.receiver &&
      !/^torch\.(?:cuda|npu)$/.test(call.callee)
    ) {
      const device = call.callee.endsWith('.npu') ? 'npu' : call.callee.endsWith('.xpu') ? 'xpu' : 'cuda';
      yield { device, isOptional: call.place.conditional, span: call.calleeSpan, place: call.place };
    }
    for (const given of call.arguments) {
      const takesDevice =
        given.name === 'device' ||
        given.name === 'device_map' ||
        given.name === 'map_location' ||
        /(?:\.to|\.device|^torch\.device|\.to_device)$/.test(call.callee);
      if (takesDevice) yield* devicesIn(given.value, call.place, false);
      if (given.name === 'providers' || call.callee.endsWith('.set_providers')) {
        yield* providersIn(given.value, call.place);
      }
    }
  }
  for (const { target, value, place } of module.assignments) {
    if (!value || !/(?:^|[._])(?:device|providers?)$/i.test(target)) continue;
    if (/provider/i.test(target)) yield* providersIn(value, place);
    else yield* devicesIn(value, place, false);
  }
}

function* devicesIn(value: PythonValue, place: PythonPlace, isChoice: boolean): Generator<DeviceUse> {
  if (value.kind === 'choice') {
    for (const option of value.options) yield* devicesIn(option, place, true);
    return;
  }
  const text = value.kind === 'text' ? value.value : value.kind === 'template' ? value.texts.join('{}') : '';
  const name = deviceText.exec(text)?.[1]?.toLowerCase();
  if (!name) return;
  const device = (name === 'gpu' ? 'cuda' : name) as DeviceUse['device'];
  yield { device, isOptional: isChoice || place.conditional, span: value.span, place };
}

function* providersIn(value: PythonValue, place: PythonPlace): Generator<DeviceUse> {
  if (value.kind === 'choice') {
    for (const option of value.options)
      for (const use of providersIn(option, place)) yield { ...use, isOptional: true };
    return;
  }
  const items = value.kind === 'list' ? value.items : [value];
  const names = items.map((item) => (item.kind === 'list' ? item.items[0] : item));
  const fallsBack = names.some((item) => item?.kind === 'text' && item.value === 'CPUExecutionProvider');
  for (const item of names) {
    const name = item?.kind === 'text' ? provider.exec(item.value)?.[1]?.toLowerCase() : undefined;
    const device = name && providerDevice[name];
    if (!item || !device) continue;
    const isOptional = place.conditional || (fallsBack && device !== 'cpu' && names.length > 1);
    yield { device, isOptional, span: item.span, place };
  }
}
