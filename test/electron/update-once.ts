/**
 * `node --import ./test/electron/register.mjs test/electron/update-once.ts RESOURCES KEY`: a packaged program that looks for an update with the
 * real electron-updater and then quits. RESOURCES holds the `app-update.yml` that packaging writes. Prints what became of it.
 */
import electronUpdater from 'electron-updater';
import { createUpdates } from '../../main/shell/electron/updates.ts';
import { app, standIn } from './electron.ts';

const [resources, key] = process.argv.slice(2) as [string, string];
Object.assign(process, { resourcesPath: resources });
standIn.isPackaged = true;

const events: string[] = [];
const updates = createUpdates({
  updater: electronUpdater.autoUpdater,
  key,
  log: (_level, event, fields) => void events.push(event === 'update.failed' ? `${event} ${String(fields?.['error'])}` : event),
  onReady: (version) => void events.push(`ready ${version}`),
});
await updates.check();
app.emit('quit', {}, 0);
process.stdout.write(JSON.stringify(events));
// The updater leaves the program that it installed to start by itself.
process.exit(0);
