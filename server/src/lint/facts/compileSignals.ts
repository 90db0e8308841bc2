import type { Stage } from '../../project/dockerfile/dockerfile';
import type { Project } from '../../project/project';
import { literalOf } from '../../project/shell/commandArguments';
import { instructionsOf, packageCommandsOf, runsOf, startWords } from './stageFacts';

/** Packages that call nvcc, or read the toolkit's headers, when the service runs (their own documentation). */
const compilesAtRunTime = new Set([
  'vllm',
  'sglang',
  'flashinfer',
  'flashinfer-python',
  'deepspeed',
  'deep-gemm',
  'deepgemm',
  'tensorrt-llm',
  'tilelang',
  'apache-tvm',
  'pycuda',
  'numba',
  'cupy',
  'cupy-cuda11x',
  'cupy-cuda12x',
  'cupy-cuda13x',
  'exllamav2',
  'gptqmodel',
  'auto-gptq',
  'ktransformers',
  'warp-lang',
  'jax',
  'kernels',
  'pytorch3d',
  'nvdiffrast',
  'gsplat',
  'tinygrad',
  'mlc-llm',
  'lightllm',
  'xgrammar',
]);

/** Packages without wheels for Linux on PyPI that compile CUDA code when they are installed. */
const compilesAtInstall = new Set([
  'flash-attn',
  'apex',
  'mamba-ssm',
  'causal-conv1d',
  'llama-cpp-python',
  'detectron2',
  'torch-scatter',
  'torch-sparse',
  'torch-cluster',
  'tiny-cuda-nn',
  'diff-gaussian-rasterization',
  'simple-knn',
  'transformer-engine',
  'horovod',
  'spconv',
]);

const compilers = new Set([
  'nvcc',
  'make',
  'cmake',
  'ninja',
  'gcc',
  'g++',
  'cc',
  'c++',
  'meson',
  'bazel',
  'cargo',
  'rustc',
  'scons',
  'xmake',
]);

/** Something the service runs may compile GPU code: torch.compile with triton, one of the packages, a call of nvcc. */
export function mayCompileAtStart(stage: Stage, packages: ReadonlySet<string>, project: Project): boolean {
  if ([...packages].some((name) => compilesAtRunTime.has(name))) return true;
  const start = startWords(stage);
  if (start.state !== 'known') return true;
  if (start.value.some((word) => /nvcc|ninja|vllm|sglang|deepspeed/.test(word))) return true;
  const asksForCompiler = (text: string | undefined): boolean =>
    text !== undefined &&
    /\bnvcc\b|torch\.compile\s*\(|cpp_extension|load_inline|@triton\.jit|CUDA_HOME/.test(text);
  return project.tree.paths.some(
    (path) => /\.(py|sh)$/.test(path) && asksForCompiler(project.tree.textOf(path)),
  );
}

/** What a stage does with a compiler: `yes` where it surely builds, `maybe` where a script may. */
export function compilesInBuild(stage: Stage, packages: ReadonlySet<string>): 'yes' | 'maybe' | 'no' {
  if ([...packages].some((name) => compilesAtInstall.has(name))) return 'yes';
  const variables = [...stage.end.env.keys(), ...stage.end.args.keys()];
  if (
    variables.some((name) =>
      /^(TORCH_CUDA_ARCH_LIST|CMAKE_CUDA_ARCHITECTURES|FORCE_CUDA|CMAKE_ARGS|CUDA_HOME|MAX_JOBS|NVCC_\w+)$/.test(
        name,
      ),
    )
  )
    return 'yes';
  let maybe = false;
  for (const run of runsOf(instructionsOf(stage))) {
    if (run.script.syntaxError || run.interpreter.state !== 'known') maybe ||= run.form !== 'exec';
    for (const command of run.script.commands) {
      const words = command.words.map((word) => literalOf(word) ?? word.raw);
      const builds =
        compilers.has(command.program) ||
        (command.program.startsWith('python') && words.some((word) => /(^|\/)setup\.py$/.test(word)));
      if (builds || command.assignments.some(({ name }) => /CUDA|CMAKE/.test(name))) return 'yes';
      const isScript =
        command.program.endsWith('.sh') ||
        (/^(ba|da|a|z)?sh$|^(\.|source)$/.test(command.program) &&
          !words.includes('-c') &&
          command.connector !== '|');
      const activates = words.some((word) => /activate|profile|\.bashrc|\/env$/.test(word));
      if (isScript && !activates) maybe = true;
    }
    for (const { manager, packages: named, localSources } of packageCommandsOf(run)) {
      if (manager === 'pip' || manager === 'uv')
        maybe ||=
          named.some((word) => /git\+|:\/\//.test(word.raw)) ||
          localSources.some((word) => !/\.whl/.test(word.raw));
    }
  }
  return maybe ? 'maybe' : 'no';
}
