/**
 * Whether a port of this computer can be served on, asked before anything that cannot be taken back (an invite works
 * once). A port that is taken later all the same is told in the same words.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * @param setting what the person set it with, for example `--port`. @param port 0 is always free.
 * @throws Error with a text for people.
 */
export async function requireFreePort(setting: string, port: number): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  await explainPort(setting, port, async () => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  });
  server.close();
  await once(server, 'close');
}

/** Runs what listens on the port. @throws Error with a text for people where the port is the reason. */
export async function explainPort<Result>(setting: string, port: number, listen: () => Promise<Result>): Promise<Result> {
  try {
    return await listen();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new Error(`${setting} ${port}: this port is taken by another program, perhaps by a Bandeja that runs already. End that one, or choose another port (0 takes a free one).`, {
        cause: error,
      });
    }
    if (code === 'EACCES') throw new Error(`${setting} ${port}: this computer does not let you serve on that port. Choose one from 1024 to 65535 (0 takes a free one).`, { cause: error });
    throw error;
  }
}
