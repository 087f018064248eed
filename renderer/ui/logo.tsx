/** A tray with its contents. Decoration: the name stands elsewhere. */
export const Logo = ({ size }: { size: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" fill="#0d6467" />
    <path d="M8 17.5 10.6 9.4A1.5 1.5 0 0 1 12 8.4h8a1.5 1.5 0 0 1 1.4 1l2.6 8.1" fill="none" stroke="#fff" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
    <path d="M7.6 17.6h4.6l1.5 2.6h4.6l1.5-2.6h4.6v4.6a1.8 1.8 0 0 1-1.8 1.8H9.4a1.8 1.8 0 0 1-1.8-1.8z" fill="#fff" />
  </svg>
);
