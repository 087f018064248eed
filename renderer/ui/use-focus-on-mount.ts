import { useEffect, type RefObject } from 'react';

/** The field that something was opened for. A frame later: a dialog takes the focus itself when it opens. */
export function useFocusOnMount(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const frame = requestAnimationFrame(() => element.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, [element]);
}
