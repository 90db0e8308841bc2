/** A command as the palette and the menus know it. package.json's `contributes.commands` is made of this list. */
export interface CommandEntry {
  /** `plimsoll.` + this is the command's id; `command.` + this is the key of its title in package.nls.json. */
  readonly name: string;
  readonly icon?: string;
  readonly enablement?: string;
  /** When the palette offers it; always when left out. */
  readonly palette?: string;
}

const onOurFiles = 'plimsoll.isOurs';

export const commands = [
  { name: 'explainConfiguration', enablement: onOurFiles },
  { name: 'previewFixes', enablement: onOurFiles },
  { name: 'fixFile', enablement: onOurFiles },
  { name: 'applyPreviewedFixes', icon: '$(check)', palette: 'resourceScheme == plimsoll-fixed' },
  { name: 'changeBuildContext', enablement: onOurFiles },
  { name: 'restartLanguageServer' },
  { name: 'showLog' },
] as const satisfies readonly CommandEntry[];

export type CommandName = (typeof commands)[number]['name'];
