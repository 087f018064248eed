/**
 * Marks what was searched for in the messages on screen. By ranges (CSS Custom Highlight API), so that no message has to
 * know of it; they are made anew as rows come and go.
 */
import { useEffect, type RefObject } from 'react';
import { findTerms } from '../../contract/rules/find-terms.ts';
import { parseSearchQuery } from '../../contract/rules/search-query.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';

/** As in `thread.module.css`. */
const NAME = 'found';

export function useFoundMarks(scroller: RefObject<HTMLElement | null>): void {
  const { clock } = useStores();
  const typed = useFrom('find', ({ isOpen, text }) => (isOpen ? text : ''));
  const searched = useFrom('search', ({ isOpen, text }) => (isOpen ? text : ''));
  const text = typed === '' ? searched : typed;

  useEffect(() => {
    const element = scroller.current;
    const { terms } = parseSearchQuery(text, clock.getState().now);
    if (!element || terms.length === 0) return;
    const mark = (): void => void CSS.highlights.set(NAME, new Highlight(...findRanges(element, terms)));
    let frame = 0;
    const observer = new MutationObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(mark);
    });
    mark();
    observer.observe(element, { childList: true, subtree: true, characterData: true });
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      CSS.highlights.delete(NAME);
    };
  }, [scroller, text, clock]);
}

function findRanges(element: HTMLElement, terms: Parameters<typeof findTerms>[1]): Range[] {
  const ranges: Range[] = [];
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement?.closest('[data-message-id]') && !node.parentElement.closest('time, .visually-hidden') ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT,
  );
  while (texts.nextNode()) {
    for (const { start, end } of findTerms(texts.currentNode.textContent ?? '', terms)) {
      const range = new Range();
      range.setStart(texts.currentNode, start);
      range.setEnd(texts.currentNode, end);
      ranges.push(range);
    }
  }
  return ranges;
}
