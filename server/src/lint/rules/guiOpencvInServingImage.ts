import { shippedPython } from '../facts/gpuSignals';
import { installedIn } from '../facts/installedPrograms';
import {
  firstOfEachPlace,
  installedBy,
  requirementSpan,
  requirementText,
  type ServedPackage,
  servedPackagesIn,
} from '../facts/servedPackages';
import { defineRule } from '../rule';
import { guiPackage } from '../servingSurplus';
import type { Project } from '../../project/project';

/** Calls that open a window. */
const windowCalls = /^cv2\.(imshow|namedWindow|waitKey|destroyAllWindows|createTrackbar)$/;
/** A file without any of these words is not parsed: a large project has thousands. */
const windowWords = /\b(imshow|namedWindow|waitKey|destroyAllWindows|createTrackbar)\b/;

export const guiOpencvInServingImage = defineRule({
  name: 'gui-opencv-in-serving-image',
  on: ['requirements', 'pyproject', 'dockerfile'],
  concern: 'start',
  severity: 'warning',
  summary: 'A serving image installs the OpenCV build that opens windows.',
  why: 'It loads libGL and X11 libraries that a slim image lacks, so importing cv2 fails with "libGL.so.1: cannot open shared object file"; installing them adds libraries that nobody looks at.',
  next: 'Install the headless build: same module, same version, no window.',
  sources: ['opencv-python on PyPI, "Installation and Usage"'],
  fixKind: 'derived',
  *check({ file, project }) {
    for (const served of firstOfEachPlace(servedPackagesIn(file.path, project))) {
      const gui = served.package.isDirect ? guiPackage(served.package.name) : undefined;
      if (!gui || opensWindows(served, project)) continue;
      const { span, name } = served.package;
      const hashed = served.installation.isClosed;
      yield {
        span: requirementSpan(served.package, project),
        what: hasGl(served, project)
          ? '{requirement} is the build with windows; {instead} does the same without'
          : '{requirement} needs libGL, which nothing here installs: importing cv2 fails',
        with: { requirement: requirementText(served.package, project), instead: gui.instead },
        ...(gui.bytes === undefined ? {} : { bytes: gui.bytes }),
        related: installedBy(served),
        ...(hashed
          ? {}
          : {
              fix: {
                kind: 'derived' as const,
                title: 'Install {instead}',
                with: { instead: gui.instead },
                edits: [{ span: { start: span.start, end: span.start + name.length }, newText: gui.instead }],
              },
            }),
      };
    }
  },
});

function opensWindows({ installation }: ServedPackage, project: Project): boolean {
  const { document } = installation;
  const stage = document.dockerfile.finalStage;
  const code = (stage && shippedPython(stage, document, project)) ?? project.pythonFiles;
  return code.some(
    (file) =>
      windowWords.test(file.source.text) && file.module.calls.some(({ callee }) => windowCalls.test(callee)),
  );
}

/** libGL came with a package, or may have come unseen. */
function hasGl({ installation }: ServedPackage, project: Project): boolean {
  const { document } = installation;
  const stage = document.dockerfile.finalStage;
  if (!stage) return true;
  const installed = installedIn(stage, document.path, project);
  const name = installation.base.name;
  const isSlim =
    name.state === 'known' &&
    name.value === 'python' &&
    installation.base.tag.state === 'known' &&
    /slim|alpine/.test(installation.base.tag.value);
  return (
    !isSlim ||
    !installed.systemClosed ||
    [...installed.system].some((one) =>
      /^\w+:(libgl1|mesa|ffmpeg|libopencv|python3-opencv|libegl|qt6?-)/.test(one),
    )
  );
}
