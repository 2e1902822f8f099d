import { Component, type ReactNode } from 'react';
import { ErrorView } from '@/ui/views';

/** A fault of one page must not leave a white window. */
export class CrashGuard extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <ErrorView error={this.state.error} retry={() => location.reload()} />;
  }
}
