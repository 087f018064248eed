/** `node --import ./test/electron/register.mjs main/shell/electron/app.ts`: the module `electron` is the stand-in beside this file. */
import { registerHooks } from 'node:module';

const standIn = new URL('./electron.ts', import.meta.url).href;
registerHooks({ resolve: (specifier, context, next) => (specifier === 'electron' ? { url: standIn, format: 'module-typescript', shortCircuit: true } : next(specifier, context)) });

// Set by the stand-in's utilityProcess.fork: this process is such a child.
if (process.env['STAND_IN_UTILITY_PROCESS']) await import('./parent-port.ts');
