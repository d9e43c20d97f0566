(function () {
  'use strict';
  var data = JSON.parse(document.getElementById('data').textContent);
  var box = document.getElementById('chart');
  var s = data.samples;
  if (!box || s.millis.length < 2) { return; }
  // the chart counts from where the table of marks does, and shows what was before
  var begin = data.marks.filter(function (m) { return m.what === 'load begins'; })[0];
  var from = begin ? begin.millis : s.millis[0];
  var mib = function (bytes) { return bytes.map(function (b) { return b < 0 ? null : b / 1048576; }); };
  var columns = [['RSS (solid line)', 'rssBytes', '--one', []], ['anonymous (dashes)', 'anonymousBytes', '--two', [8, 4]], ['heap committed (dots)', 'heapBytes', '--six', [2, 3]],
    ['direct, of loads (dash and dot)', 'directBytes', '--three', [10, 3, 2, 3]], ['mapped, of loads (short dashes)', 'mappedBytes', '--four', [4, 4]], ['foreign and Unsafe, of loads (long dashes)', 'foreignBytes', '--five', [12, 6]],
    ['allocator: in use (long dash, two dots)', 'allocatorLiveBytes', '--seven', [14, 3, 2, 3, 2, 3]], ['allocator: resident (wide dots)', 'allocatorResidentBytes', '--eight', [2, 7]]];
  var values = [s.millis.map(function (m) { return (m - from) / 1000; })].concat(columns.map(function (c) { return mib(s[c[1]]); }));
  var chart = null;
  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  function marks(u) {
    var c = u.ctx, low = -1e9;
    c.save();
    c.strokeStyle = c.fillStyle = colour('--soft');
    c.setLineDash([2, 4]);
    c.textAlign = 'left';
    c.textBaseline = 'alphabetic';
    c.font = Math.round(11 * devicePixelRatio) + 'px sans-serif';
    data.marks.forEach(function (m, i) {
      var x = u.valToPos((m.millis - from) / 1000, 'x', true);
      if (x < u.bbox.left - 1 || x > u.bbox.left + u.bbox.width + 1) { return; }
      c.beginPath();
      c.moveTo(x, u.bbox.top);
      c.lineTo(x, u.bbox.top + u.bbox.height);
      c.stroke();
      if (x - low > 16 * devicePixelRatio) { low = x; c.fillText(String(i + 1), x + 3 * devicePixelRatio, u.bbox.top + 11 * devicePixelRatio); }
    });
    c.restore();
  }
  function draw() {
    if (chart) { chart.destroy(); }
    var axis = function (label) { return {stroke: colour('--fore'), grid: {stroke: colour('--line'), width: 1}, ticks: {stroke: colour('--line')}, label: label, labelSize: 20}; };
    chart = new uPlot({
      width: Math.max(280, box.clientWidth), height: 300, scales: {x: {time: false}}, axes: [axis(begin ? 'seconds after the beginning of the load' : 'seconds'), axis('MiB')], hooks: {draw: [marks]},
      series: [{label: 's'}].concat(columns.map(function (c) {
        return {label: c[0], stroke: colour(c[2]), dash: c[3], width: 2, points: {show: false}, value: function (u, v) { return v == null ? '' : v.toFixed(1) + ' MiB'; }};
      }))
    }, values, box);
  }
  var at = 0;
  box.addEventListener('keydown', function (e) {
    var step = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : e.key === 'Home' ? -1e9 : e.key === 'End' ? 1e9 : 0;
    if (step && chart) {
      e.preventDefault();
      at = Math.max(0, Math.min(values[0].length - 1, at + step));
      chart.setCursor({left: chart.valToPos(values[0][at], 'x'), top: 10});
    }
  });
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  matchMedia('print').addEventListener('change', draw);
  var width = box.clientWidth;
  addEventListener('resize', function () { if (box.clientWidth !== width) { width = box.clientWidth; draw(); } });
  addEventListener('beforeprint', function () { document.querySelectorAll('details').forEach(function (d) { d.open = true; }); });
  document.documentElement.setAttribute('data-zero', from);
  document.documentElement.setAttribute('data-drawn', columns.length);
})();
