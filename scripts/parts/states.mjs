import { editor } from './editor.mjs';
import { engines } from './engines.mjs';
import { exampleService } from './exampleService.mjs';
import { images } from './images.mjs';
import { models } from './models.mjs';
import { neovim } from './neovim.mjs';
import { packager } from './packager.mjs';
import { peers } from './peers.mjs';
import { python } from './python.mjs';
import { registry } from './registry.mjs';

/** The real parts that tests use, by name. */
export const parts = new Map(
  [editor, engines, exampleService, images, models, neovim, packager, peers, python, registry].map((part) => [
    part.name,
    part,
  ]),
);

/** Which parts are here: {name, ok, what, next, places} by name, for the named parts or for all. */
export function partStates(names = [...parts.keys()]) {
  return new Map(
    [...new Set(names)].map((name) => {
      const { what, places, ready } = parts.get(name);
      return [
        name,
        { name, ok: ready(), what, places, next: `Get it with: node scripts/parts.mjs install ${name}` },
      ];
    }),
  );
}
