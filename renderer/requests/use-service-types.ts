import { useMemo } from 'react';
import { useFrom } from '../ui/app-context.tsx';

const NONE: readonly string[] = [];

/** Kinds of service that forms offer: those of the team's settings, and those that requests in sight have besides. */
export function useServiceTypes(): readonly string[] {
  const set = useFrom('team', ({ directory }) => directory?.settings.serviceTypes ?? NONE);
  const rows = useFrom('requests', (state) => state.rows);
  return useMemo(() => {
    const others = new Set(rows?.map(({ serviceType }) => serviceType).filter((name) => name !== '' && !set.includes(name)));
    return [...set, ...[...others].toSorted((a, b) => a.localeCompare(b))];
  }, [set, rows]);
}
