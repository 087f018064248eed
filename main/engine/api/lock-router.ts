/** Implements the part of the contract about the lock. Of a locked desktop it is all that is served. */
import type { Lock } from '../lock/lock.ts';
import { createImplementer, type Implementer } from './implementer.ts';

export function createLockRouter(os: Pick<Implementer, 'lock'>, lock: Lock) {
  return {
    state: os.lock.state.handler(() => lock.state()),
    unlock: os.lock.unlock.handler(({ input }) => lock.unlock(input.passphrase)),
    turnOn: os.lock.turnOn.handler(({ input }) => lock.turnOn(input.passphrase)),
    turnOff: os.lock.turnOff.handler(({ input }) => lock.turnOff(input.passphrase)),
    change: os.lock.change.handler(({ input }) => lock.change(input.passphrase, input.next)),
    setIdle: os.lock.setIdle.handler(({ input }) => lock.setIdle(input.minutes)),
    touch: os.lock.touch.handler(() => lock.touch()),
    now: os.lock.now.handler(() => lock.now()),
    startOver: os.lock.startOver.handler(() => lock.startOver()),
  };
}

export const createLockedRouter = (lock: Lock) => ({ lock: createLockRouter(createImplementer(), lock) });
