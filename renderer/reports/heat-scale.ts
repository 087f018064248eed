/** How strong the colour of an hour is. */

/** The strongest. */
export const HEAT_LEVELS = 5;

/** 0: nothing; else 1 to `HEAT_LEVELS`, in even steps up to the fullest hour. */
export const heatLevel = (value: number, most: number): number => (value <= 0 || most <= 0 ? 0 : Math.max(1, Math.ceil((value / most) * HEAT_LEVELS)));

/** The first of the fullest hours; null: there were no messages. */
export function fullestHour(heat: readonly (readonly number[])[]): { weekday: number; hour: number; count: number } | null {
  let most: { weekday: number; hour: number; count: number } | null = null;
  for (const [weekday, hours] of heat.entries()) {
    for (const [hour, count] of hours.entries()) {
      if (count > (most?.count ?? 0)) most = { weekday, hour, count };
    }
  }
  return most;
}
