import { Component, type ReactNode } from 'react';
import { CrashedPage } from './page.tsx';

type Props = { children: ReactNode };

/** Stands where an error of painting would otherwise leave an empty window. React reports the error itself. */
export class CrashBoundary extends Component<Props, { isCrashed: boolean }> {
  override state = { isCrashed: false };

  static getDerivedStateFromError(): { isCrashed: boolean } {
    return { isCrashed: true };
  }

  override render(): ReactNode {
    return this.state.isCrashed ? <CrashedPage /> : this.props.children;
  }
}
