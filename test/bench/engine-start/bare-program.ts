/** The least that can be called started: a program that opens the database of a folder and reads one page: `bare-program.ts DATA_DIR`. Runs on until SIGTERM. */
import { FIRST, openBareStatements } from '../conversation-reads/bare-statements.ts';

const [dataDir = ''] = process.argv.slice(2);
const bare = openBareStatements(dataDir);
process.stdout.write(`${JSON.stringify({ event: 'ready', rows: bare.list('active', FIRST).length })}\n`);
process.on('SIGTERM', () => process.exit(0));
setInterval(() => undefined, 1_000_000);
