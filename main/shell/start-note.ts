/**
 * What `npm start` has to say about the window it chose, written when the window's program is ready: before an error it
 * would only be in the way.
 */
export function writeStartNote(env: NodeJS.ProcessEnv = process.env): void {
  if (env['BANDEJA_START_NOTE']) process.stderr.write(`${env['BANDEJA_START_NOTE']}\n`);
}
