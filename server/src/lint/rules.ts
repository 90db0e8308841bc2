import type { Rule } from './rule';
import { finalStageRunsAsRoot } from './rules/finalStageRunsAsRoot';
import { secretInEnvOrArg } from './rules/secretInEnvOrArg';
import { tokenFileLeftInLayer } from './rules/tokenFileLeftInLayer';

/** Every rule. Adding one is one file, one spec and one line here; the order is the order of `plimsoll rules`. */
export const rules: readonly Rule[] = [finalStageRunsAsRoot, secretInEnvOrArg, tokenFileLeftInLayer];
