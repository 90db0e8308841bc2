import type { Command, ExitCode } from '../command';
import { usageFailure } from '../failure';

/** `plimsoll lsp --stdio`: the language server for any editor. */
export const command: Command = {
  name: 'lsp',
  operands: '',
  summary: 'Serve an editor over the Language Server Protocol',
  flags: {
    stdio: { summary: 'Speak over standard input and output' },
  },
  async run({ flags }): Promise<ExitCode> {
    if (!flags.isSet('stdio')) {
      throw usageFailure(
        { template: 'The language server needs to know how to speak' },
        { template: 'It speaks over standard input and output' },
        { template: 'Give --stdio' },
      );
    }
    const { serveProcess } = await import('../../lsp/node');
    serveProcess();
    // The connection ends the process when the editor says exit, or is gone.
    return new Promise<ExitCode>(() => undefined);
  },
};
