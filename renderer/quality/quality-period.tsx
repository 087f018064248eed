import { dayIn } from '../store/period.ts';
import { QUALITY_PERIODS } from '../store/quality-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { PeriodPicker } from '../ui/period-picker.tsx';

/** The days that all parts of this place look at. */
export function QualityPeriod() {
  const { quality, clock } = useStores();
  const period = useFrom('quality', (state) => state.period);
  return <PeriodPicker period={period} usual={QUALITY_PERIODS} today={() => dayIn(clock.getState().now)} onChange={quality.getState().setPeriod} />;
}
