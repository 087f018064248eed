/** The local REST API of this desktop as its settings show it. The token acts with the rights of the agent of this desktop. */
import { z } from 'zod';
import { base } from './api-base.ts';

/** Where it is offered unless something else is said. */
export const LOCAL_API_PORT = 4100;

export const localApiSchema = z.object({
  isOn: z.boolean(),
  /** 0: any that is free, another one at every start. */
  port: z.number().int().min(0).max(65_535),
  /** Its origin, without `/api`; null: it does not answer. */
  url: z.string().nullable(),
  /** Why it does not answer although it should. */
  problem: z.enum(['port_taken', 'port_forbidden', 'failed']).nullable(),
  /** The command line says whether and where it is offered, until this program ends. */
  isFixed: z.boolean(),
  /** The command line (or the environment) gave the token. */
  isTokenFixed: z.boolean(),
});
export type LocalApiState = z.infer<typeof localApiSchema>;

export const localApiContract = {
  get: base.output(localApiSchema),
  /** NOT_ALLOWED_NOW while the command line decides. */
  set: base.input(localApiSchema.pick({ isOn: true, port: true }).partial()).output(localApiSchema),
  /** On a person's demand only; made up where there is none yet. */
  showToken: base.output(z.object({ token: z.string() })),
  /** A new one; the old one opens nothing from then on. NOT_ALLOWED_NOW for one that the command line gave. */
  rotateToken: base.output(z.object({ token: z.string() })),
};
