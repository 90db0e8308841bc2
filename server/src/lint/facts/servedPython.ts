import type { Project, PythonDocument } from '../../project/project';
import { webApps } from '../../project/python/webRoutes';
import { reachedFrom } from './pythonImports';

const testCode = /(?:^|\/)(?:tests?|testing|e2e)\/|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest)\.py$/;

/** Tests are allowed what a service is not. */
export function isTestCode(path: string): boolean {
  return testCode.test(path);
}

const kept = new WeakMap<Project, ReadonlySet<string>>();

/** Paths of the files a web application of the project runs: those that make one, and all they import. */
export function servedPython(project: Project): ReadonlySet<string> {
  let served = kept.get(project);
  if (!served) {
    const makers = project.pythonFiles.filter((file) => !isTestCode(file.path) && makesApp(file));
    served = new Set(reachedFrom(makers, project).map(({ path }) => path));
    kept.set(project, served);
  }
  return served;
}

/** The text names a web framework. Files that do not stay unparsed: a large project has thousands. */
export function namesWebFramework({ source }: PythonDocument): boolean {
  return /fastapi|flask|starlette|quart|sanic|litserve|aiohttp|bottle/i.test(source.text);
}

/** A cheap look at the text: only files that name a web framework are parsed for routes. */
function namesFramework({ source }: PythonDocument): boolean {
  return /fastapi|flask|starlette|quart|sanic|litserve|aiohttp|bottle/i.test(source.text);
}

function makesApp(file: PythonDocument): boolean {
  return namesFramework(file) && webApps(file.module).some(({ isRouter }) => !isRouter);
}
