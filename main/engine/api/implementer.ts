/** What every part of the router is made with: the contract, and refusals by their codes. */
import { mapEventIterator } from '@orpc/client';
import { implement } from '@orpc/server';
import { contract } from '../../../contract/api.ts';
import { AppError } from '../../../contract/app-error.ts';
import type { CallContext } from './call-errors.ts';

export type Implementer = ReturnType<typeof createImplementer>;

export const createImplementer = () =>
  implement(contract)
    .$context<CallContext>()
    .use(async ({ next, errors }) => {
      const named = (error: unknown): unknown => (error instanceof AppError ? errors[error.code]({ message: error.message, data: error.refused }) : error);
      try {
        const result = await next();
        // A stream refuses when it is first read.
        return isStream(result.output) ? { ...result, output: mapEventIterator(result.output, { value: async (value: unknown) => value, error: async (error) => named(error) }) } : result;
      } catch (error) {
        throw named(error);
      }
    });

const isStream = (output: unknown): output is AsyncGenerator => typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
