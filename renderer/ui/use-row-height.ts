import { useEffect, useState } from 'react';

type RowToken = '--row-height' | '--table-row-height';

/**
 * The height in px of the rows of a list, which a virtual list has to know before it has measured them. Changes with the
 * density: lists made with another one have to be made anew (`key`).
 */
export function useRowHeight(token: RowToken): number {
  const [height, setHeight] = useState(() => readHeight(token));
  useEffect(() => {
    const observer = new MutationObserver(() => setHeight(readHeight(token)));
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-density'] });
    return () => observer.disconnect();
  }, [token]);
  return height;
}

/** Tokens of rows are in rem. */
function readHeight(token: RowToken): number {
  const style = getComputedStyle(document.documentElement);
  return parseFloat(style.getPropertyValue(token)) * parseFloat(style.fontSize);
}
