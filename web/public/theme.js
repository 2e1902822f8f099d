// Runs before the first paint, so that a dark page never flashes white. A file of its own because the content security
// policy forbids inline scripts.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem('streamspace.theme');
  } catch {
    // Storage may be blocked; then the system decides.
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  document.documentElement.style.background = dark ? '#15161a' : '#f9fafd';
})();

// A part of the page that did not come (the network changed, the server was starting) leaves an empty window, and nothing
// of the page runs yet that could say so. Loading again helps; three times at most, so that a broken build does not spin.
(function () {
  var key = 'streamspace.reloads';
  addEventListener(
    'error',
    function (event) {
      var part = event.target;
      if (!part || (part.tagName !== 'SCRIPT' && !(part.tagName === 'LINK' && part.rel === 'stylesheet'))) return;
      var root = document.getElementById('root');
      if (root && root.hasChildNodes()) return;
      try {
        var tries = Number(sessionStorage.getItem(key) || 0);
        if (tries >= 3) return;
        sessionStorage.setItem(key, String(tries + 1));
      } catch {
        return;
      }
      setTimeout(function () {
        location.reload();
      }, 400);
    },
    true,
  );
  addEventListener('load', function () {
    setTimeout(function () {
      var root = document.getElementById('root');
      try {
        if (root && root.hasChildNodes()) sessionStorage.removeItem(key);
      } catch {
        // Nothing was counted.
      }
    }, 3000);
  });
})();
