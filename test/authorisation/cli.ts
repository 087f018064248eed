/** `npm run authorisation`: prints who may do what; `--write` puts it where `docs/authorisation.md` stands. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeDocument } from './document.ts';

if (process.argv.includes('--write')) writeFileSync(path.resolve(import.meta.dirname, '../../docs/authorisation.md'), writeDocument());
else process.stdout.write(writeDocument());
