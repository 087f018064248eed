import { useEffect, useState } from 'react';
import { returnFocus } from './return-focus.ts';

/** When this goes away with the keyboard in it, what had it before has it again. */
export function useReturnFocus(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(() => () => void requestAnimationFrame(() => returnFocus(opener)), [opener]);
}
