#!/usr/bin/env node
/** Stands in for the 7za that electron-builder would fetch, for the one thing that a tar.gz needs of it: `a … OUT.tar.gz IN.tar`. */
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const args = process.argv.slice(2);
const [out, from] = args.slice(-2);
if (args[0] !== 'a' || !out.endsWith('.tar.gz')) throw new Error(`only tar.gz is packed here: ${args.join(' ')}`);
await pipeline(createReadStream(from), createGzip({ level: 1 }), createWriteStream(out));
