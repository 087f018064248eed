import Database from 'better-sqlite3';
import { nativeBindingOption } from './native-binding.ts';

/** Opens a database: a file, `:memory:`, or one that is given as bytes. Encrypted ones: `main/engine/db/open-encrypted.ts`. */
export type OpenFile = (file: string | Buffer, options?: Database.Options) => Database.Database;

export const openPlainFile: OpenFile = (file, options) => new Database(file, { ...nativeBindingOption(), ...options });
