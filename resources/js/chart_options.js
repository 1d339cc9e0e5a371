import zh from 'apexcharts/dist/locales/zh-cn.json'
import en from 'apexcharts/dist/locales/en.json'
import { locale, nonce } from './core.js'
import { axis, color, css, ms, number, ticks, when, withUnit } from './chart_words.js'
import { notes, steps } from './chart_notes.js'

const short = locale.startsWith('zh') ? 'zh-cn' : 'en'
const types = {
  line: 'line',
  area: 'area',
  bar: 'bar',
  column: 'bar',
  stacked: 'area',
  heatmap: 'heatmap',
  donut: 'donut',
  radial: 'radialBar',
}

/** What ApexCharts is told for one chart spec. */
export function options(spec, height) {
  const type = types[spec.kind] ?? 'line'
  const round = type === 'donut' || type === 'radialBar'
  const time = spec.xKind === 'time' && !round
  const fmt = number(spec)
  const say = withUnit(spec, fmt)
  const list = round
    ? spec.series
    : (spec.series ?? []).map((s) => ({
        name: s.name,
        type: s.type,
        data: time
          ? s.data.map((p) => (Array.isArray(p) ? [ms(p[0]), p[1]] : { ...p, x: ms(p.x) }))
          : s.data,
      }))
  if (type === 'heatmap') list.reverse()
  const each = (fn) => (round ? 0 : spec.series.map(fn))
  const exact = when(spec.zone, { dateStyle: 'medium', timeStyle: 'short' })
  return {
    chart: {
      id: spec.id,
      group: spec.group || undefined,
      type,
      height,
      nonce,
      stacked: spec.kind === 'stacked',
      background: 'transparent',
      foreColor: css('faint'),
      fontFamily: css('font').replaceAll('"', "'"),
      locales: [en, zh],
      defaultLocale: short,
      redrawOnParentResize: true,
      animations: { enabled: false },
      toolbar: { show: false },
      zoom: { enabled: time, type: 'x', autoScaleYaxis: true },
      parentHeightOffset: 0,
      events: {
        zoomed: (chart, { xaxis }) => {
          const reset = chart.el.closest('.card')?.querySelector('[data-chart-reset]')
          if (reset) reset.hidden = !xaxis?.min
          if (!spec.rangeUrl || !xaxis?.min) return
          const at = (v) => encodeURIComponent(new Date(v).toISOString())
          location.href = spec.rangeUrl
            .replace('{from}', at(xaxis.min))
            .replace('{to}', at(xaxis.max))
        },
      },
    },
    theme: { mode: 'dark' },
    series: list,
    labels: round ? spec.categories : undefined,
    colors: round
      ? spec.categories?.map((_, i) => color(null, i))
      : each((s, i) => (s.dashed && !s.color ? css('faint') : color(s.color, i))),
    stroke: round
      ? { width: 2, colors: [css('raised')] }
      : {
          width: type === 'bar' || type === 'heatmap' ? 1 : each((s) => (s.dashed ? 1.4 : 2)),
          dashArray: each((s) => (s.dashed ? 5 : 0)),
          curve: 'straight',
          ...(type === 'heatmap' || type === 'bar' ? { colors: [css('raised')] } : {}),
        },
    fill:
      type === 'area'
        ? {
            type: 'solid',
            opacity: each((s) => (s.dashed ? 0 : spec.kind === 'stacked' ? 0.35 : 0.12)),
          }
        : { type: 'solid', opacity: 1 },
    plotOptions: {
      bar: {
        horizontal: spec.kind === 'bar',
        borderRadius: 3,
        columnWidth: '70%',
        barHeight: '68%',
      },
      heatmap: {
        radius: 3,
        enableShades: false,
        colorScale: {
          ranges:
            type === 'heatmap'
              ? spec.ranges?.length
                ? spec.ranges.map((r) => ({ ...r, color: color(r.color, 0) }))
                : steps(spec)
              : [],
        },
      },
      pie: { donut: { size: '68%' } },
      radialBar: {
        track: { background: css('sunken') },
        hollow: { size: '64%' },
        dataLabels: {
          name: { color: css('muted'), fontSize: '13px' },
          value: {
            color: css('text'),
            fontSize: '22px',
            fontWeight: 680,
            formatter: (v) => say(Number(v)),
          },
        },
      },
    },
    dataLabels: {
      enabled: type === 'heatmap',
      formatter: fmt,
      style: {
        fontSize: '12px',
        fontFamily: css('font').replaceAll('"', "'"),
        colors: [css('text')],
      },
    },
    markers: { size: 0, hover: { size: 4 }, strokeColors: css('raised') },
    grid: {
      borderColor: '#2f3553',
      padding: round ? { top: 4, bottom: 4 } : { left: 8, right: 12, top: -14, bottom: 0 },
      xaxis: { lines: { show: spec.kind === 'bar' } },
    },
    legend: {
      show: type !== 'heatmap' && type !== 'radialBar' && (round || spec.series.length > 1),
      position: 'bottom',
      horizontalAlign: 'left',
      fontSize: '12px',
      markers: { size: 5, offsetX: -3 },
      itemMargin: { horizontal: 8 },
    },
    xaxis: {
      type: time ? 'datetime' : spec.xKind === 'number' ? 'numeric' : 'category',
      categories: round || time ? undefined : spec.categories,
      labels: {
        formatter: time
          ? (v, ts) => axis(spec, ts ?? v)
          : spec.kind === 'bar'
            ? ticks(spec)
            : undefined,
        style: { fontSize: '12px' },
        hideOverlappingLabels: true,
        rotate: 0,
        trim: true,
      },
      axisBorder: { show: false },
      axisTicks: { show: false },
      tooltip: { enabled: false },
      crosshairs: { show: true, stroke: { color: css('faint'), dashArray: 3 } },
    },
    yaxis: round
      ? {}
      : {
          min: spec.min ?? undefined,
          max: spec.max ?? undefined,
          forceNiceScale: true,
          tickAmount: height < 200 ? 3 : 4,
          labels: {
            formatter: spec.kind === 'bar' || type === 'heatmap' ? (v) => v : ticks(spec),
            minWidth: 40,
            style: { fontSize: '12px' },
          },
        },
    tooltip: {
      theme: 'dark',
      shared: !round && type !== 'heatmap',
      intersect: type === 'heatmap',
      x: { formatter: time ? (v) => exact.format(v) : undefined },
      y: { formatter: say },
    },
    annotations: round ? {} : notes(spec),
    states: { hover: { filter: { type: 'none' } }, active: { filter: { type: 'none' } } },
  }
}
