/** A team that answers by itself: an approved article, a model that quotes it, and clocks of relay, Meta and desktops that a test moves together. */
import type { ModelSetting, ModelStandIn } from '../../main/demo/model/stand-in.ts';
import { changeSettings, isReady, startModel, untilAi, useModel } from './ai-team.ts';
import type { Line } from './line.ts';
import { startShiftedProgram } from './program.ts';
import { startTeam, type Desktop, type Team } from './team.ts';
import { waitUntil } from './wait-until.ts';

export const QUESTION = '¿Cuál es el horario de atención de lunes a viernes?';
export const ANSWER = 'Nuestro horario de atención es de lunes a viernes de 8:00 a 17:00.';
const COUNTDOWN_SECONDS = 20;

export type AutoTeam = {
  team: Team;
  model: ModelStandIn;
  /** Of Ana, an admin, who set it all up. */
  ana: Desktop;
  anaLine: Line;
  addDesktop(name: string, relayUrl?: string): Promise<Desktop>;
  /** The engine without a window, in a process of its own. */
  startEngine(dataDir: string, env?: Record<string, string>): Promise<Awaited<ReturnType<typeof startShiftedProgram>>>;
  startEngineAgain(dataDir: string): Promise<Awaited<ReturnType<typeof startShiftedProgram>>>;
  /** Everybody's clock, from now on so much further. */
  pass(ms: number): Promise<void>;
  /** Texts that Meta accepted. */
  sent(): string[];
};

/** `isAnaOnLine`: her way to the relay can be cut. */
export async function startAutoTeam({ setting = {}, isAnaOnLine = false }: { setting?: ModelSetting; isAnaOnLine?: boolean } = {}): Promise<AutoTeam> {
  const team = await startTeam();
  const model = await startModel(team, { replies: [{ match: '', text: `${ANSWER} [K1]` }], ...setting });
  let shift = 0;
  let isAway = false;
  const clock = { now: () => Date.now() + shift };
  const programs = new Set<Awaited<ReturnType<typeof startShiftedProgram>>>();
  const run = async (args: string[], env: Record<string, string> = {}) => {
    const program = await startShiftedProgram('main/engine/cli.ts', args, { ...team.engineEnv, ...env }, shift);
    programs.add(program);
    team.atEnd(() => program.kill());
    return program;
  };
  const anaLine = await team.addLine();
  const ana = await team.addDesktop({ name: 'Ana', role: 'admin', ports: { clock }, ...(isAnaOnLine && { relayUrl: anaLine.url }) });
  await isReady(ana.client);
  await useModel(ana.client, model, { mode: 'auto' });
  const title = 'Horario de atención';
  const { articleId } = await ana.client.knowledge.save({ articleId: null, from: null, title, language: 'es', text: ANSWER });
  await ana.client.knowledge.change({ articleId, changes: { mayAutoAnswer: { from: false, to: true } } });
  await waitUntil('it can be found', async () => (await ana.client.knowledge.search({ text: QUESTION })).hits.length > 0);
  await changeSettings(ana.client, (now) => ({ ...now, auto: { ...now.auto, countdownSeconds: COUNTDOWN_SECONDS } }));
  const { autoConfirmation } = await ana.client.ai.state();
  await ana.client.ai.confirmAuto({ autoConfirmation });

  return {
    team,
    model,
    ana,
    anaLine,
    addDesktop: async (name, relayUrl) => {
      const desktop = await team.addDesktop({ name, ports: { clock }, ...(relayUrl === undefined ? {} : { relayUrl }) });
      await isReady(desktop.client);
      await waitUntil(`the key has come to ${name}`, async () => (await desktop.client.ai.state()).key === 'set');
      return desktop;
    },
    startEngine: async (dataDir, env) => run(await team.engineArgs(dataDir, { name: 'Respuestas' }), env),
    startEngineAgain: (dataDir) => run(['--data-dir', dataDir, '--api-port', '0']),
    pass: async (ms) => {
      shift += ms;
      await team.shiftClock(shift);
      await Promise.all([...programs].flatMap((program) => (program.process.exitCode === null && program.process.signalCode === null ? program.shiftClock(shift) : [])));
      // Timers know nothing of it: any news makes desktops look again.
      isAway = !isAway;
      await ana.client.presence.set({ conversationId: null, activity: isAway ? 'away' : 'viewing' });
    },
    sent: () =>
      team.meta
        .journal()
        .filter(({ accepted, method }) => accepted && method === 'POST')
        .flatMap(({ body }) => (body as { text?: { body: string } }).text?.body ?? []),
  };
}

/** Longer than the countdown, and shorter than a claim. */
export const OVER_MS = 22_000;
/** Also for the log, which says when it leaves. */
export async function isCounting(desktop: Desktop, id: string) {
  await untilAi(desktop.client, id, 'it counts down', ({ draft }) => draft?.auto?.state === 'counting');
  await isQuiet(desktop);
  return desktop.client.ai.conversation({ conversationId: id });
}
export const isHandedOff = (desktop: Desktop, id: string) => untilAi(desktop.client, id, 'people have it', ({ handoff }) => handoff !== null, 25_000);
/** Everything that is written has come back, and everything that was to be sent is. */
export const isQuiet = (...desktops: Desktop[]) => Promise.all(desktops.map(({ engine }) => engine.waitForIdle(15_000)));
