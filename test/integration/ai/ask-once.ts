/** A program of its own, so that its environment can lie: asks the server at argv[2] with the key argv[3] and prints the outcome. */
import { keyFor, modelPrompt, modelSettings, requireProvider } from '../../support/model-provider.ts';

const settings = modelSettings({ baseUrl: process.argv[2] ?? '' });
const provider = requireProvider(settings, keyFor(settings, process.argv[3]));
const outcome = await provider.complete(modelPrompt(), { runId: 'run-1', signal: new AbortController().signal, onDelta: () => {} });
process.stdout.write(JSON.stringify(outcome));
