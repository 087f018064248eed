/** Its own types are out of reach of its `exports`. Its objects are better-sqlite3's, from which it was forked, with two methods more. */
declare module 'better-sqlite3-multiple-ciphers' {
  import type Database from 'better-sqlite3';

  export interface CipherDatabase extends Database.Database {
    key(key: Buffer): number;
    rekey(key: Buffer): number;
  }
  const Constructor: new (file: string | Buffer, options?: Database.Options) => CipherDatabase;
  export default Constructor;
}
