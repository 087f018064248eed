/** An article's text as elements, never as HTML; the passage that was asked for is marked and brought into view. */
import { Fragment, memo, useEffect, useMemo, useRef, type ReactNode } from 'react';
import { parseMarkdown, type MarkdownBlock, type Run } from './markdown.ts';
import styles from './markdown-view.module.css';

/** Offsets into the text, UTF-16. */
export type Passage = { start: number; end: number };

export const MarkdownView = memo(function MarkdownView({ text, passage, title }: { text: string; passage: Passage | null; title: string }) {
  const blocks = useMemo(() => withoutTitle(parseMarkdown(text), title), [text, title]);
  const depths = useMemo(() => readDepths(blocks), [blocks]);
  const box = useRef<HTMLDivElement>(null);
  const [start, end] = [passage?.start ?? null, passage?.end ?? null];
  useEffect(() => {
    if (start !== null) box.current?.querySelector('mark')?.scrollIntoView({ block: 'center' });
  }, [start, end, text]);
  return (
    <div ref={box} className={styles['text']} dir="auto">
      {blocks.map((block, index) => (
        // The blocks of one text never change places.
        <Block key={index} block={block} depth={depths[index] ?? 0} passage={passage} />
      ))}
    </div>
  );
});

/** What stands above the text need not begin it once more. */
function withoutTitle([first, ...rest]: MarkdownBlock[], title: string): MarkdownBlock[] {
  if (!first) return [];
  return first.type === 'heading' && first.runs.map(({ text }) => text).join('') === title ? rest : [first, ...rest];
}

/** How deep each heading stands among those that are there: a document may leave levels out, a page may not. */
function readDepths(blocks: readonly MarkdownBlock[]): number[] {
  let open: number[] = [];
  return blocks.map((block) => {
    if (block.type !== 'heading') return 0;
    open = open.filter((level) => level < block.level);
    open.push(block.level);
    return open.length - 1;
  });
}

function Block({ block, depth, passage }: { block: MarkdownBlock; depth: number; passage: Passage | null }) {
  const show = (runs: readonly Run[]): ReactNode => <Runs runs={runs} passage={passage} />;
  switch (block.type) {
    case 'heading': {
      // The page's own title is the first level, its parts the second.
      const Heading = `h${Math.min(6, depth + 3)}` as 'h3';
      return (
        <Heading className={styles['heading']} data-level={block.level}>
          {show(block.runs)}
        </Heading>
      );
    }
    case 'paragraph':
    case 'question':
    case 'answer':
      return (
        <p className={styles['paragraph']} data-type={block.type}>
          {show(block.runs)}
        </p>
      );
    case 'quote':
      return <blockquote className={styles['quote']}>{show(block.runs)}</blockquote>;
    case 'list': {
      const items = block.items.map((item, index) => (
        <li key={index} data-depth={item.depth} {...(block.isOrdered && item.number > 0 ? { value: item.number } : {})}>
          {show(item.runs)}
        </li>
      ));
      return block.isOrdered ? <ol className={styles['list']}>{items}</ol> : <ul className={styles['list']}>{items}</ul>;
    }
    case 'table':
      return (
        <div className={styles['scroll']}>
          <table className={styles['table']}>
            {block.head && (
              <thead>
                <tr>
                  {block.head.map((cell, index) => (
                    <th key={index} scope="col">
                      {show(cell)}
                    </th>
                  ))}
                </tr>
              </thead>
            )}
            <tbody>
              {block.rows.map((row, index) => (
                <tr key={index}>
                  {row.map((cell, column) => (
                    <td key={column}>{show(cell)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    case 'code':
      return <pre className={styles['code']}>{show(block.runs)}</pre>;
    case 'rule':
      return <hr className={styles['rule']} />;
  }
}

const Runs = ({ runs, passage }: { runs: readonly Run[]; passage: Passage | null }) =>
  runs.map((run, index) => {
    const marked = markPassage(run, passage);
    if (run.href !== null)
      return (
        <a key={index} href={run.href} target="_blank" rel="noopener noreferrer">
          {marked}
        </a>
      );
    switch (run.look) {
      case 'text':
        return <Fragment key={index}>{marked}</Fragment>;
      case 'bold':
        return <strong key={index}>{marked}</strong>;
      case 'italic':
        return <em key={index}>{marked}</em>;
      case 'code':
        return <code key={index}>{marked}</code>;
    }
  });

function markPassage({ text, start }: Run, passage: Passage | null): ReactNode {
  if (!passage) return text;
  const from = Math.max(0, passage.start - start);
  const to = Math.min(text.length, passage.end - start);
  if (from >= to) return text;
  return (
    <>
      {text.slice(0, from)}
      <mark className={styles['passage']}>{text.slice(from, to)}</mark>
      {text.slice(to)}
    </>
  );
}
