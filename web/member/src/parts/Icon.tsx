const SHAPES = {
  card: "M3 6.5h18v11H3z M3 10h18 M6.5 14.5h4",
  points: "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18z M12 7.5l4.5 4.5-4.5 4.5L7.5 12z",
  tiers: "M4 20v-5h5v5 M9.5 20v-9h5v9 M15 20V5h5v15",
  orders: "M5 8h14l1 12H4z M8.5 10.5V7a3.5 3.5 0 0 1 7 0v3.5",
  me: "M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8z M4.5 20.5c1-4 4-6 7.5-6s6.5 2 7.5 6",
  code: "M4 4h6v6H4z M14 4h6v6h-6z M4 14h6v6H4z M14 14h2.500v2.500H14z M17.5 17.500H20V20h-2.500z M20 14v1 M14 20h1",
  back: "M14.5 5L7.5 12l7 7",
  on: "M9.5 5l7 7-7 7",
  clock: "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16z M12 8v4.500l3 1.5",
  check: "M5 12.500l4.5 4.500L19 7.5",
  coupon:
    "M3.5 7.5h17v3a1.800 1.800 0 0 0 0 3.500v2.500h-17V14a1.800 1.800 0 0 0 0-3.500z M10 8v1.500 M10 11.500v1.500 M10 15v1",
  mall: "M4 9.500h16V13H4z M5.500 13v7h13v-7 M12 9.500V20 M12 9.500C9 9.500 7.500 8 8.300 6.300S11.500 6 12 9.500c.5-3.500 2.900-5 3.700-3.200S15 9.500 12 9.500z",
  lock: "M6 11h12v9H6z M8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  plus: "M12 6v12 M6 12h12",
  minus: "M6 12h12",
  away: "M4 4l16 16 M8.5 14.500a5 5 0 0 1 7 0 M5 11a10 10 0 0 1 4-2.400 M13 8.100a10 10 0 0 1 6 2.900",
} as const;

export type Shape = keyof typeof SHAPES;

/** A drawn sign beside words that say the same; never alone, so screen readers skip it. */
export function Icon({ shape, size = 24 }: { shape: Shape; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={SHAPES[shape]} />
    </svg>
  );
}
