import type { Answer } from '../answer';
import type { ShellScript } from '../shell/shellScript';
import type { SourceText } from '../sourceText';
import type { Span } from '../span';
import type { ImageReference } from './imageReference';
import type { Comment, Directive, Heredoc } from './splitInstructions';
import type { Word } from './word';

/** `--name=value` before an instruction's arguments. */
export interface Flag {
  /** Without dashes. */
  readonly name: string;
  readonly span: Span;
  readonly value: Answer<string>;
  /** Undefined for a flag without `=`. */
  readonly valueSpan: Span | undefined;
}

/** One `--mount` of a RUN. */
export interface Mount {
  readonly span: Span;
  /** `bind` when not written. */
  readonly type: string;
  /** Keys as written, `dst` and `destination` as `target`, `src` as `source`. Values with unknown variables are left out. */
  readonly options: ReadonlyMap<string, string>;
}

/** Folder, user and variables in force before an instruction. */
export interface StageState {
  /** `user[:group]`; absent when neither the stage nor its parent stages set one: the base image decides. */
  readonly user: Answer<string>;
  /** The USER word that set it. */
  readonly userSpan: Span | undefined;
  /** Absolute folder; unknown before the first absolute WORKDIR on a foreign base. */
  readonly workdir: Answer<string>;
  /** Argument vector of SHELL; absent when the base image decides (`/bin/sh -c` nearly always). */
  readonly shell: Answer<readonly string[]>;
  readonly env: ReadonlyMap<string, Answer<string>>;
  /** ARG names in scope; absent value = declared without default. */
  readonly args: ReadonlyMap<string, Answer<string>>;
}

interface InstructionBase {
  /** Upper case, the trigger's for ONBUILD. */
  readonly keyword: string;
  readonly span: Span;
  readonly keywordSpan: Span;
  readonly argumentsSpan: Span;
  readonly flags: readonly Flag[];
  readonly heredocs: readonly Heredoc[];
  /** Runs when another image is built from this one, not now. */
  readonly onbuild: boolean;
  readonly before: StageState;
}

export interface FromInstruction extends InstructionBase {
  readonly kind: 'from';
  readonly imageWord: Word | undefined;
  readonly nameWord: Word | undefined;
}

export interface RunInstruction extends InstructionBase {
  readonly kind: 'run';
  readonly mounts: readonly Mount[];
  /** `exec` for the JSON form. */
  readonly form: 'shell' | 'exec';
  /** Words of the JSON form. */
  readonly execWords: readonly Word[];
  /** Name of the interpreter: `sh`, `bash`, `ash`, `python3`, `pwsh` ...; unknown when SHELL's value is. */
  readonly interpreter: Answer<string>;
  /** The script; without commands when the interpreter is no POSIX-like shell. */
  readonly script: ShellScript;
  /** The here-document that is the script (`RUN <<EOF`), as opposed to one fed to a command. */
  readonly scriptHeredoc: Heredoc | undefined;
}

export interface CopyInstruction extends InstructionBase {
  readonly kind: 'copy';
  readonly isAdd: boolean;
  readonly sources: readonly Word[];
  readonly destination: Word | undefined;
  /** Value of `--from`: a stage's name or number, an image, a named context. */
  readonly from: Flag | undefined;
}

/** CMD, ENTRYPOINT, and the command of HEALTHCHECK. */
export interface StartCommand {
  readonly form: 'shell' | 'exec';
  readonly span: Span;
  readonly words: readonly Word[];
  /** Shell form, and `sh -c` of an exec form: its commands. */
  readonly script: ShellScript | undefined;
}

export interface CommandInstruction extends InstructionBase {
  readonly kind: 'command';
  readonly command: StartCommand;
}

export interface HealthcheckInstruction extends InstructionBase {
  readonly kind: 'healthcheck';
  /** Undefined for `HEALTHCHECK NONE`. */
  readonly command: StartCommand | undefined;
}

/** ENV, ARG and LABEL: names with values. */
export interface AssignmentInstruction extends InstructionBase {
  readonly kind: 'assignment';
  readonly assignments: readonly {
    readonly name: string;
    readonly nameSpan: Span;
    /** Undefined for `ARG NAME`. */
    readonly valueSpan: Span | undefined;
    readonly value: Answer<string>;
    /** Text of the value as written, quotes included. */
    readonly rawValue: string;
    readonly span: Span;
  }[];
}

/** USER, WORKDIR, EXPOSE, VOLUME, STOPSIGNAL, SHELL, MAINTAINER and what nobody knows: words only. */
export interface WordsInstruction extends InstructionBase {
  readonly kind: 'words';
  readonly words: readonly Word[];
  readonly form: 'shell' | 'exec';
}

export type Instruction =
  | FromInstruction
  | RunInstruction
  | CopyInstruction
  | CommandInstruction
  | HealthcheckInstruction
  | AssignmentInstruction
  | WordsInstruction;

export interface Stage {
  /** 0-based. */
  readonly index: number;
  readonly from: FromInstruction;
  /** Lower-cased name after AS. */
  readonly name: string | undefined;
  /** The earlier stage it starts from. */
  readonly parent: Stage | undefined;
  /** The foreign image at the root of its chain; absent for `scratch`, unknown for an unresolved variable. */
  readonly base: Answer<ImageReference>;
  /** The base comes from an ARG that has no default: whoever builds decides. */
  readonly baseFromArgument: boolean;
  /** FROM's own instruction is not among them. */
  readonly instructions: readonly Instruction[];
  readonly end: StageState;
  /** Its content reaches the image of the last stage: it is the last, or a parent of it. */
  readonly shipped: boolean;
  /** Last CMD, ENTRYPOINT and HEALTHCHECK in force, parents' included. */
  readonly cmd: CommandInstruction | undefined;
  readonly entrypoint: CommandInstruction | undefined;
  readonly healthcheck: HealthcheckInstruction | undefined;
}

export interface Dockerfile {
  readonly source: SourceText;
  readonly escape: '\\' | '`';
  readonly directives: readonly Directive[];
  readonly comments: readonly Comment[];
  /** Every instruction in order, FROM and global ARG included. */
  readonly instructions: readonly Instruction[];
  /** ARG before the first FROM. */
  readonly globalArgs: ReadonlyMap<string, Answer<string>>;
  readonly stages: readonly Stage[];
  /** What `docker build` without `--target` makes; undefined in a file without FROM. */
  readonly finalStage: Stage | undefined;
}
