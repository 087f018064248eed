import type { ContractRouterClient } from '@orpc/contract';
import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract';
import type { Contract } from '../../contract/api.ts';

/** Everything the window may ask of the engine. */
export type EngineClient = ContractRouterClient<Contract>;
export type EngineInputs = InferContractRouterInputs<Contract>;
export type EngineOutputs = InferContractRouterOutputs<Contract>;
export type InboxCounts = EngineOutputs['conversations']['counts'];
