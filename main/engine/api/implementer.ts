/** What every part of the router is made with: the contract, and refusals by their codes. */
import { implement } from '@orpc/server';
import { contract } from '../../../contract/api.ts';
import { AppError } from '../../../contract/app-error.ts';
import type { CallContext } from './call-errors.ts';

export type Implementer = ReturnType<typeof createImplementer>;

export const createImplementer = () =>
  implement(contract)
    .$context<CallContext>()
    .use(async ({ next, errors }) => {
      try {
        return await next();
      } catch (error) {
        if (error instanceof AppError) throw errors[error.code]({ message: error.message, data: error.refused });
        throw error;
      }
    });
