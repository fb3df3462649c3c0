/** What a kubelet runs with in the end, and which of its files and flags each value comes from. */
@NullMarked
package dev.retune.kubelet.effective;

import org.jspecify.annotations.NullMarked;
