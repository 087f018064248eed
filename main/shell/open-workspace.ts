/** Opens one workspace: engine, joining, number, and the local REST API if wanted. What all hosts have in common. */
import packageJson from '../../package.json' with { type: 'json' };
import { createEngine, type Engine } from '../engine/engine.ts';
import type { EnginePorts, Vault } from '../engine/ports.ts';
import { requireApart } from './demo-apart.ts';
import { isKeptByOs } from './file-secrets.ts';
import { explainPort, requireFreePort } from './port-check.ts';
import type { WorkspaceOptions } from './workspace-options.ts';

export type OpenWorkspace = {
  engine: Engine;
  /** For the ready line. The token is there only where it was asked for on the command line and not given, and in the demo. */
  api: { url: string; token?: string } | null;
  stop(): Promise<void>;
};

export type OpenOptions = WorkspaceOptions & {
  isDemo: boolean;
  /** See `EngineConfig`. */
  isPast?: boolean;
  /** Where the relay is now, if it may have moved since the folder joined (the demo's); else null. */
  relayUrl: string | null;
  /** Whether a folder that belongs to no workspace yet is opened all the same: the window can say so. */
  mayBeEmpty: boolean;
  /** See `EngineConfig`. */
  startCommand?: string | null;
  isUnattended?: boolean;
  /** What opens the folder, where its lock is on. */
  vault?: Vault | null;
};

/** @throws Error with a text for people. */
export async function openWorkspace(options: OpenOptions, ports: EnginePorts): Promise<OpenWorkspace> {
  const { dataDir, graphBaseUrl, isDemo, isPast = false, startCommand = null, isUnattended = false, vault = null } = options;
  requireApart(options);
  if (options.api !== null && options.api !== 'off') await requireFreePort('--api-port', options.api.port);
  const engine = createEngine({ dataDir, graphBaseUrl, isDemo, isPast, version: packageJson.version, startCommand, isUnattended, vault }, ports);
  try {
    // Before joining, which uses up the invite.
    if (options.replacementToken !== null && !engine.hasNumber())
      throw new Error(`${dataDir} has no WhatsApp number yet, so the token alone is of no use: start with --phone-number-id ID too, or without GRAPH_TOKEN and --graph-token.`);
    await join(engine, options, ports, vault);
    if (options.number) await engine.setNumber({ phoneNumberId: options.number.phoneNumberId, wabaId: options.number.wabaId }, options.number.graphToken);
    if (options.replacementToken !== null) await engine.replaceGraphToken(options.replacementToken);
    await engine.start();
    return { engine, api: await openApi(engine, options.api), stop: engine.stop };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

async function openApi(engine: Engine, wanted: WorkspaceOptions['api']): Promise<OpenWorkspace['api']> {
  if (wanted === 'off') return null;
  const api = await explainPort('--api-port', wanted?.port ?? 0, () => engine.localApi.open(wanted));
  return api && { url: api.url, ...(api.token !== null && { token: api.token }) };
}

async function join(engine: Engine, { join: wanted, dataDir, isDemo, relayUrl, mayBeEmpty }: OpenOptions, { log, secrets }: EnginePorts, vault: Vault | null): Promise<void> {
  const tokenName = vault ? 'device-token.sealed' : 'device-token';
  if (engine.isEnrolled()) {
    if ((await secrets.get(tokenName)) === null && (await isKeptByOs(dataDir, tokenName))) {
      throw new Error(`The keys of ${dataDir} are in the system's key store: ${isDemo ? 'start the demo with --reset' : 'open this folder with the desktop program, or choose a new folder'}.`);
    }
    if (relayUrl !== null) engine.setRelayUrl(relayUrl);
    if (wanted && !isDemo) log('info', 'workspace.joined_already', { dataDir, note: 'the invite was not used' });
    return;
  }
  if (wanted) return engine.enroll(wanted);
  if (!mayBeEmpty) throw new Error(`${dataDir} has not joined a workspace yet: start with --relay and --invite.`);
}
