/** The ceiling of a window: a React page that does one paint for a key, and has something tall to scroll. */
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

function EmptyPage() {
  const [presses, setPresses] = useState(0);
  const [text, setText] = useState('');
  useEffect(() => {
    const count = ({ key }: KeyboardEvent): void => {
      if (key === 'Enter') setPresses((before) => before + 1);
    };
    document.addEventListener('keydown', count);
    return () => document.removeEventListener('keydown', count);
  }, []);
  return (
    <>
      <output data-presses={presses}>{presses}</output>
      <textarea value={text} onChange={(event) => setText(event.target.value)} />
      <div data-scroller style={{ height: 600, overflow: 'auto' }}>
        <div style={{ height: 1_000_000 }} />
      </div>
    </>
  );
}

createRoot(document.getElementById('root')!).render(<EmptyPage />);
