// Mocha's browser build puts itself on the global object.
import '../../node_modules/mocha/mocha.js';
import type Mocha from 'mocha';

const { Mocha: BrowserMocha } = globalThis as unknown as { Mocha: typeof Mocha };
// oxlint-disable-next-line import/no-default-export -- stands in for a module with a default export
export default BrowserMocha;
